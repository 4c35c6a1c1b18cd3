package provider

import (
	"os"
	"slices"
	"strings"
)

// sdkLogLevels are the variables that set the log level of the plugin SDK: for its own parts, and for this provider.
var sdkLogLevels = []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_ORY"}

// LimitLogs keeps the plugin SDK from writing log lines that Terraform would drop. By default the SDK writes everything
// from TRACE on as JSON, about forty lines a resource, and Terraform parses all of them before it checks TF_LOG. That
// takes a fifth of the CPU time of a large apply. LimitLogs doesn't change a level that the environment sets for a part
// of the SDK. Call it before the provider serves, except if Terraform attaches to a running provider: the logs of such
// a provider go to the terminal, not to Terraform.
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

// shownLogLevel returns the lowest level of a provider's log lines that Terraform shows, by the rules with which
// Terraform reads its environment. It returns OFF if the environment asks for no logs, and "" for all levels.
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
		return "" // TRACE, JSON, or a value that Terraform takes for TRACE with a warning
	}
}
