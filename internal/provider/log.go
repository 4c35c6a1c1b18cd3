package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// subsystem is the name under which the client logs. TF_LOG_PROVIDER_ORY_KRATOS sets its level.
const subsystem = "kratos"

// logTo passes the client's log lines to Terraform. The client doesn't depend on Terraform, and has already redacted
// the lines.
func logTo(ctx context.Context, level kratos.LogLevel, message string, fields map[string]any) {
	ctx = tflog.NewSubsystem(ctx, subsystem, tflog.WithLevelFromEnv("TF_LOG_PROVIDER_ORY_KRATOS"))
	switch level {
	case kratos.LevelTrace:
		tflog.SubsystemTrace(ctx, subsystem, message, fields)
	case kratos.LevelDebug:
		tflog.SubsystemDebug(ctx, subsystem, message, fields)
	default:
		tflog.SubsystemWarn(ctx, subsystem, message, fields)
	}
}
