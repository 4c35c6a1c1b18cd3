package provider

import (
	"os"
	"slices"
	"strings"
)

// sdkLogLevels are the variables that set how much the plugin SDK writes: its own parts, and this provider.
var sdkLogLevels = []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_ORY"}

// LimitLogs keeps the plugin SDK from writing what Terraform would drop. By itself the SDK writes everything from TRACE
// on as JSON, about forty lines a resource, and Terraform parses all of them before it looks at TF_LOG: a fifth of the
// CPU time of a large apply. What the environment sets for a part of the SDK is left alone. It is to be called before
// the provider serves, and not where Terraform attaches to a provider that runs by itself: whose logs go to the
// terminal, not to Terraform.
func LimitLogs() error {
	level := shownLogLevel()
	for _, name := range sdkLogLevels {
		if _, set := os.LookupEnv(name); set || level == "" {
			continue
		}
		if err := os.Setenv(name, level); err != nil {
			return err
		}
	}
	return nil
}

// shownLogLevel is the level from which on Terraform shows a provider's log lines, as Terraform reads its environment:
// OFF if that asks for none, and "" for everything.
func shownLogLevel() string {
	level := strings.ToUpper(os.Getenv("TF_LOG_PROVIDER"))
	if level == "" {
		level = strings.ToUpper(os.Getenv("TF_LOG"))
	}
	switch {
	case level == "":
		return "OFF"
	case slices.Contains([]string{"DEBUG", "INFO", "WARN", "ERROR", "OFF"}, level):
		return level
	default:
		return "" // TRACE, JSON, or what Terraform takes for TRACE with a warning
	}
}
