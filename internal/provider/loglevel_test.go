package provider

import (
	"os"
	"testing"
)

func TestLimitLogs(t *testing.T) {
	tests := map[string]struct {
		global, providers, own string // TF_LOG, TF_LOG_PROVIDER, TF_LOG_SDK_PROTO
		sdk, ownAfter          string // TF_LOG_SDK, TF_LOG_SDK_PROTO
	}{
		"nothing is asked for":       {sdk: "OFF", ownAfter: "OFF"},
		"everything":                 {global: "trace"},
		"everything as JSON":         {global: "JSON"},
		"what Terraform can't read":  {global: "loud"},
		"some":                       {global: "info", sdk: "INFO", ownAfter: "INFO"},
		"something else of provider": {global: "TRACE", providers: "ERROR", sdk: "ERROR", ownAfter: "ERROR"},
		"more of providers":          {global: "ERROR", providers: "TRACE"},
		"set for a part":             {own: "DEBUG", sdk: "OFF", ownAfter: "DEBUG"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for name, value := range map[string]string{"TF_LOG": test.global, "TF_LOG_PROVIDER": test.providers} {
				t.Setenv(name, value)
			}
			for _, name := range sdkLogLevels {
				t.Setenv(name, "") // Setenv restores the value after the test
				if err := os.Unsetenv(name); err != nil {
					t.Fatal(err)
				}
			}
			if test.own != "" {
				t.Setenv("TF_LOG_SDK_PROTO", test.own)
			}
			if err := LimitLogs(); err != nil {
				t.Fatal(err)
			}
			for name, want := range map[string]string{"TF_LOG_SDK": test.sdk, "TF_LOG_PROVIDER_ORY": test.sdk, "TF_LOG_SDK_PROTO": test.ownAfter} {
				if got := os.Getenv(name); got != want {
					t.Errorf("%s is %q, expected %q", name, got, want)
				}
			}
		})
	}
}
