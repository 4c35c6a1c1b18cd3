package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const defaultMaxRetries = 8

// These environment variables replace missing arguments. The first variable that is set counts.
var (
	adminURLEnv    = []string{"ORY_ADMIN_URL", "KRATOS_ADMIN_URL"}
	publicURLEnv   = []string{"ORY_PUBLIC_URL", "KRATOS_PUBLIC_URL"}
	projectSlugEnv = []string{"ORY_PROJECT_SLUG"}
	apiKeyEnv      = []string{"ORY_API_KEY", "ORY_PROJECT_API_KEY", "ORY_ACCESS_TOKEN"}
)

var slugRegexp = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Configure implements provider.Provider. It makes no request to the server.
func (p *oryProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var c config
	resp.Diagnostics.Append(req.Config.Get(ctx, &c)...)
	if resp.Diagnostics.HasError() {
		return
	}
	unknown := c.unknown(ctx)
	var client *batch.Client
	if len(unknown) == 0 {
		client = c.connect(ctx, p.userAgent(req.TerraformVersion), &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	data := base.NewData(client, unknown)
	// Validation stays off until the argument is known, because a validation error could block an apply that doesn't
	// want it.
	data.SkipValidation = c.ValidateTraits.IsUnknown() || !c.ValidateTraits.IsNull() && !c.ValidateTraits.ValueBool()
	p.data.Store(data)
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData = data, data, data
	resp.EphemeralResourceData, resp.ActionData = data, data
}

func (p *oryProvider) userAgent(terraformVersion string) string {
	return fmt.Sprintf("terraform-provider-ory/%s Terraform/%s", p.version, terraformVersion)
}

// unknown returns the names of the arguments whose values aren't known yet, for example because they come from a
// resource that the apply creates.
func (c config) unknown(ctx context.Context) []string {
	var names []string
	note := func(name string, unknown bool) {
		if unknown {
			names = append(names, name)
		}
	}
	note("admin_url", c.AdminURL.IsUnknown())
	note("public_url", c.PublicURL.IsUnknown())
	note("project_slug", c.ProjectSlug.IsUnknown())
	note("api_key", c.APIKey.IsUnknown())
	note("api_key_file", c.APIKeyFile.IsUnknown())
	note("headers", hasUnknown(ctx, c.Headers))
	note("allow_plaintext_http", c.AllowPlaintextHTTP.IsUnknown())
	note("max_retries", c.MaxRetries.IsUnknown())
	note("request_timeout", c.RequestTimeout.IsUnknown())
	note("requests_per_second", c.RequestsPerSecond.IsUnknown())
	note("max_in_flight", c.MaxInFlight.IsUnknown())
	note("batching", hasUnknown(ctx, c.Batching))
	note("tls", hasUnknown(ctx, c.TLS))
	return names
}

// connect makes the client. It adds errors to the arguments that cause them.
func (c config) connect(ctx context.Context, userAgent string, diags *diag.Diagnostics) *batch.Client {
	cfg := kratos.Config{
		AdminURL:           c.server(diags),
		PublicURL:          c.publicServer(),
		APIKeyFile:         c.APIKeyFile.ValueString(),
		TLS:                c.tls(ctx, diags),
		AllowPlaintextHTTP: c.AllowPlaintextHTTP.ValueBool(),
		MaxRetries:         defaultMaxRetries,
		RequestsPerSecond:  c.RequestsPerSecond.ValueFloat64(),
		MaxInFlight:        int(c.MaxInFlight.ValueInt64()),
		Network:            c.onNetwork(),
		UserAgent:          userAgent,
		Log:                logTo,
	}
	if c.APIKeyFile.IsNull() {
		cfg.APIKey = firstOf(c.APIKey, apiKeyEnv)
	}
	if !c.MaxRetries.IsNull() {
		cfg.MaxRetries = int(c.MaxRetries.ValueInt64())
	}
	if !c.RequestTimeout.IsNull() {
		// The validator has already parsed this duration.
		cfg.RequestTimeout, _ = time.ParseDuration(c.RequestTimeout.ValueString())
	}
	diags.Append(c.Headers.ElementsAs(ctx, &cfg.Headers, false)...)
	if c.onNetwork() && cfg.APIKey == "" && cfg.APIKeyFile == "" && !diags.HasError() {
		diags.AddAttributeError(path.Root("api_key"), "Missing API key", "Ory Network requires an API key. Set api_key, "+
			"api_key_file or ORY_API_KEY. Create an API key in the Ory Console under Project settings, API keys.")
	}
	if diags.HasError() {
		return nil
	}
	client, err := kratos.New(cfg)
	if err != nil {
		addConfigError(diags, err)
		return nil
	}
	return batch.New(client, c.batching(ctx, diags))
}

// batching returns the options that set how calls share requests.
func (c config) batching(ctx context.Context, diags *diag.Diagnostics) batch.Options {
	var b batchingConfig
	if c.Batching.IsNull() {
		return batch.Options{}
	}
	diags.Append(c.Batching.As(ctx, &b, basetypes.ObjectAsOptions{})...)
	return batch.Options{
		Disabled: !b.Enabled.IsNull() && !b.Enabled.ValueBool(),
		MaxSize:  int(b.MaxBatchSize.ValueInt64()),
	}
}

func addConfigError(diags *diag.Diagnostics, err error) {
	var configError *kratos.ConfigError
	if errors.As(err, &configError) {
		diags.AddAttributeError(path.Root(configError.Argument), "Invalid provider configuration", err.Error()+".")
		return
	}
	diags.AddError("Invalid provider configuration", err.Error())
}

// onNetwork reports whether the server is Ory Network. Any server in the configuration overrides all servers in the
// environment.
func (c config) onNetwork() bool {
	if !c.AdminURL.IsNull() || !c.ProjectSlug.IsNull() {
		return !c.ProjectSlug.IsNull()
	}
	return getenv(projectSlugEnv) != ""
}

// server returns the base URL of the admin API.
func (c config) server(diags *diag.Diagnostics) string {
	url, slug := c.AdminURL.ValueString(), c.ProjectSlug.ValueString()
	if url == "" && slug == "" {
		url, slug = getenv(adminURLEnv), getenv(projectSlugEnv)
		if url != "" && slug != "" {
			diags.AddError("Conflicting environment variables", "The environment variables specify both a self-hosted "+
				"server (ORY_ADMIN_URL or KRATOS_ADMIN_URL) and an Ory Network project (ORY_PROJECT_SLUG). Unset one of "+
				"them. Or set admin_url or project_slug in the provider block, which takes precedence over the environment.")
		}
	}
	switch {
	case slug != "" && !slugRegexp.MatchString(slug):
		diags.AddAttributeError(path.Root("project_slug"), "Invalid project slug", "The project slug in "+
			"ORY_PROJECT_SLUG must be a slug such as happy-bell-1a2b3c4d5e, not a URL or an id.")
	case slug != "":
		return "https://" + slug + ".projects.oryapis.com"
	case url == "":
		diags.AddAttributeError(path.Root("admin_url"), "Missing server", "The configuration specifies no server. Set "+
			"admin_url (or ORY_ADMIN_URL) for a self-hosted Kratos, or project_slug (or ORY_PROJECT_SLUG) and api_key for "+
			"Ory Network.")
	}
	return url
}

// publicServer returns the base URL of the public API, or "" if the client derives it from the admin API. A URL from
// the environment applies only to the server from the environment, and on Ory Network both APIs have one URL.
func (c config) publicServer() string {
	if !c.PublicURL.IsNull() || c.AdminURL.IsNull() && !c.onNetwork() {
		return firstOf(c.PublicURL, publicURLEnv)
	}
	return ""
}

func firstOf(value types.String, env []string) string {
	if !value.IsNull() {
		return value.ValueString()
	}
	return getenv(env)
}

func getenv(names []string) string {
	for _, name := range names {
		if value := os.Getenv(name); value != "" {
			return value
		}
	}
	return ""
}
