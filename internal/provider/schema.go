package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

// config is the provider block.
type config struct {
	AdminURL           types.String  `tfsdk:"admin_url"`
	PublicURL          types.String  `tfsdk:"public_url"`
	ProjectSlug        types.String  `tfsdk:"project_slug"`
	APIKey             types.String  `tfsdk:"api_key"`
	APIKeyFile         types.String  `tfsdk:"api_key_file"`
	Headers            types.Map     `tfsdk:"headers"`
	AllowPlaintextHTTP types.Bool    `tfsdk:"allow_plaintext_http"`
	MaxRetries         types.Int64   `tfsdk:"max_retries"`
	RequestTimeout     types.String  `tfsdk:"request_timeout"`
	RequestsPerSecond  types.Float64 `tfsdk:"requests_per_second"`
	MaxInFlight        types.Int64   `tfsdk:"max_in_flight"`
	Batching           types.Object  `tfsdk:"batching"`
	TLS                types.Object  `tfsdk:"tls"`
	ValidateTraits     types.Bool    `tfsdk:"validate_traits"`
}

// batchingConfig is the attribute batching.
type batchingConfig struct {
	Enabled      types.Bool  `tfsdk:"enabled"`
	MaxBatchSize types.Int64 `tfsdk:"max_batch_size"`
}

// tlsConfig is the attribute tls.
type tlsConfig struct {
	CACertFile         types.String `tfsdk:"ca_cert_file"`
	CACertPEM          types.String `tfsdk:"ca_cert_pem"`
	ClientCertFile     types.String `tfsdk:"client_cert_file"`
	ClientCertPEM      types.String `tfsdk:"client_cert_pem"`
	ClientKeyFile      types.String `tfsdk:"client_key_file"`
	ClientKeyPEM       types.String `tfsdk:"client_key_pem"`
	ServerName         types.String `tfsdk:"server_name"`
	InsecureSkipVerify types.Bool   `tfsdk:"insecure_skip_verify"`
}

func providerSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages identities on [Ory Kratos](https://www.ory.sh/kratos) (self-hosted, v1.3 or later) " +
			"and on [Ory Network](https://www.ory.sh/network).",
		Attributes: map[string]schema.Attribute{
			"admin_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Base URL of the admin API of a self-hosted Kratos, such as `http://127.0.0.1:4434`. A base " +
					"path is kept. Environment: `ORY_ADMIN_URL`, `KRATOS_ADMIN_URL`. Conflicts with `project_slug`.",
				Validators: []validator.String{
					stringvalidator.LengthAtLeast(1),
					stringvalidator.ConflictsWith(path.MatchRoot("project_slug")),
				},
			},
			"public_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Base URL of the public API, from which the provider reads identity schemas. Default: the " +
					"redirect of the admin API. Environment: `ORY_PUBLIC_URL`, `KRATOS_PUBLIC_URL`.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"project_slug": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Slug of a project of Ory Network, as in `https://{slug}.projects.oryapis.com`. " +
					"Environment: `ORY_PROJECT_SLUG`. Conflicts with `admin_url`.",
				Validators: []validator.String{stringvalidator.RegexMatches(slugRegexp, "must be a project slug such as "+
					"happy-bell-1a2b3c4d5e, not a URL or an id")},
			},
			"api_key": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "API key, sent as a Bearer token. Ory Network requires it, or `api_key_file`. Environment: " +
					"`ORY_API_KEY`, `ORY_PROJECT_API_KEY`, `ORY_ACCESS_TOKEN`. The key of the environment is used by every provider " +
					"block without a key of its own.",
				Validators: []validator.String{
					stringvalidator.LengthAtLeast(1),
					stringvalidator.ConflictsWith(path.MatchRoot("api_key_file")),
				},
			},
			"api_key_file": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "File that contains the API key. The provider reads it again for each request, so it can be " +
					"rotated while Terraform runs. Conflicts with `api_key`.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"headers": schema.MapAttribute{
				Optional: true, Sensitive: true, ElementType: types.StringType,
				MarkdownDescription: "HTTP headers for every request to the admin API, for a gateway in front of it.",
				Validators:          []validator.Map{mapvalidator.NoNullValues()},
			},
			"allow_plaintext_http": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether `api_key` and `headers` may be sent over plain `http` to another host than this " +
					"machine. Default `false`.",
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How often the provider repeats a request that the server refused temporarily (rate limit, " +
					"gateway error, concurrent write), or that got no answer and is safe to repeat. Default `8`, which takes more " +
					"than a minute in total. The provider repeats a request at most twice after status 500.",
				Validators: []validator.Int64{int64validator.Between(0, 100)},
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Time limit of one attempt of a request, as a duration such as `30s`. Default `60s`. A " +
					"batch that contains a plain password has at least `150s`.",
				Validators: []validator.String{base.PositiveDuration()},
			},
			"requests_per_second": schema.Float64Attribute{
				Optional: true,
				MarkdownDescription: "Maximum number of requests per second, retries included. Use it if people sign in while " +
					"Terraform runs. A value below 1 is allowed: `0.5` is one request in two seconds. Default `0`: no limit. The " +
					"provider keeps the rate limits of Ory Network in any case.",
				Validators: []validator.Float64{float64validator.AtLeast(0)},
			},
			"max_in_flight": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "Maximum number of concurrent requests. Default `0`: no limit other than Terraform's " +
					"`-parallelism`. On Ory Network the provider sends one create at a time in any case.",
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"batching": schema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "Whether and how the provider combines requests. Creates form batches where requests are " +
					"limited (Ory Network, a gateway that has answered 429, `requests_per_second` or `max_in_flight`). Concurrent " +
					"reads become list requests. See the guide [Thousands of identities](guides/thousands-of-identities#batches).",
				Attributes: batchingAttributes(),
			},
			"validate_traits": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the plan validates traits against their identity schema. Default `true`. The " +
					"provider reads each schema once per Terraform walk. If it cannot read a schema, or if the schema refers to " +
					"other documents, the server validates the traits during the apply.",
			},
			"tls": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "TLS settings, for a private certificate authority or mutual TLS.",
				Attributes:          tlsAttributes(),
			},
		},
	}
}

func batchingAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"enabled": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the provider combines requests. Default `true`. Use `false` for a gateway that " +
				"blocks batch requests (`PATCH /admin/identities`) or list requests.",
		},
		"max_batch_size": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "Maximum number of identities in one request. Default `100`. A lower value also turns the " +
				"reading of pages off. A batch that contains a plain password has at most 20 identities.",
			Validators: []validator.Int64{int64validator.Between(1, 100)},
		},
	}
}

func tlsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"ca_cert_file": tlsString("File with PEM certificates of the authorities to trust in place of the system's "+
			"authorities.", "ca_cert_pem"),
		"ca_cert_pem": tlsString("Certificates of the authorities as PEM text."),
		"client_cert_file": tlsString("File with the PEM client certificate for mutual TLS, optionally followed by "+
			"intermediate certificates. The certificate is also presented to a server to which the admin API redirects.",
			"client_cert_pem"),
		"client_cert_pem": tlsString("Client certificate as PEM text."),
		"client_key_file": tlsString("File with the PEM private key of the client certificate.", "client_key_pem"),
		"client_key_pem": schema.StringAttribute{
			Optional: true, Sensitive: true, MarkdownDescription: "Private key as PEM text.",
		},
		"server_name": tlsString("Name in the server's certificate, if it is not the host of the URL."),
		"insecure_skip_verify": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether to skip the verification of the server's certificate. Default `false`. With `true`, " +
				"anyone on the network path can read the credentials.",
		},
	}
}

// tlsString returns an optional attribute of tls that conflicts with other attributes of the same block.
func tlsString(description string, conflicts ...string) schema.StringAttribute {
	attribute := schema.StringAttribute{Optional: true, MarkdownDescription: description}
	for _, name := range conflicts {
		attribute.Validators = append(attribute.Validators,
			stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName(name)))
		attribute.MarkdownDescription += " Conflicts with `" + name + "`."
	}
	return attribute
}
