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
		MarkdownDescription: "Declares identities on [Ory Kratos](https://www.ory.sh/kratos) (self-hosted, v1.3 or later) " +
			"and on [Ory Network](https://www.ory.sh/network).",
		Attributes: map[string]schema.Attribute{
			"admin_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Base URL of a self-hosted admin API, such as `http://127.0.0.1:4434`. A base path is kept. " +
					"Environment: `ORY_ADMIN_URL`, `KRATOS_ADMIN_URL`. Conflicts with `project_slug`.",
				Validators: []validator.String{
					stringvalidator.LengthAtLeast(1),
					stringvalidator.ConflictsWith(path.MatchRoot("project_slug")),
				},
			},
			"public_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Base URL of the public API, which serves the identity schemas. Only needed where the admin " +
					"API's redirect to it can't be followed. Environment: `ORY_PUBLIC_URL`, `KRATOS_PUBLIC_URL`.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"project_slug": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Slug of an Ory Network project, as in `https://{slug}.projects.oryapis.com`. Environment: " +
					"`ORY_PROJECT_SLUG`.",
				Validators: []validator.String{stringvalidator.RegexMatches(slugRegexp, "must be a project slug such as "+
					"happy-bell-1a2b3c4d5e, not a URL or an id")},
			},
			"api_key": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "API key, sent as Bearer token. Required for Ory Network. Environment: `ORY_API_KEY`, " +
					"`ORY_PROJECT_API_KEY`, `ORY_ACCESS_TOKEN`.",
				Validators: []validator.String{
					stringvalidator.LengthAtLeast(1),
					stringvalidator.ConflictsWith(path.MatchRoot("api_key_file")),
				},
			},
			"api_key_file": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "File that holds the API key. It is read again for each request, so that a token that " +
					"rotates stays valid. Conflicts with `api_key`.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"headers": schema.MapAttribute{
				Optional: true, Sensitive: true, ElementType: types.StringType,
				MarkdownDescription: "Headers added to every request to the admin API, for a gateway in front of it.",
				Validators:          []validator.Map{mapvalidator.NoNullValues()},
			},
			"allow_plaintext_http": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Allow credentials (`api_key`, `headers`) to go over plain `http` to another host than this " +
					"machine. Default `false`.",
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How often a request is repeated that the server refused for now (rate limits, gateway " +
					"errors, concurrent writes) or that got no answer and is safe to repeat. Default `8`, which is over a minute in " +
					"all. A request that is safe to repeat is repeated twice at most where the server itself failed (status 500).",
				Validators: []validator.Int64{int64validator.Between(0, 100)},
			},
			"request_timeout": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "How long one attempt of a request may take, as a duration such as `30s`. Default `60s`.",
				Validators:          []validator.String{base.PositiveDuration()},
			},
			"requests_per_second": schema.Float64Attribute{
				Optional: true,
				MarkdownDescription: "The most requests that a run sends in a second, retries included, so that it leaves the " +
					"server's capacity to the people who sign in. Below 1, one request in so many seconds. Default `0`: no cap. The " +
					"rate limits of Ory Network are kept in any case: the provider learns them from the server's answers.",
				Validators: []validator.Float64{float64validator.AtLeast(0)},
			},
			"max_in_flight": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "The most requests that wait for their answers at the same time. Default `0`: no cap but " +
					"Terraform's `-parallelism`. Ory Network takes one create at a time, which the provider sees to by itself.",
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"batching": schema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "How identities share requests. Creates are grouped only where requests are limited (Ory " +
					"Network, a gateway that has answered 429, `requests_per_second` or `max_in_flight`): one batch is on its way, " +
					"and the creates that arrive meanwhile form the next one. Reads that happen at the same time become one list by " +
					"ids everywhere, and a refresh of many identities pages ahead. See the guide Thousands of identities.",
				Attributes: batchingAttributes(),
			},
			"validate_traits": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Check traits against their identity schema while planning, so that mistakes show before " +
					"the apply. The schema is fetched once per run; where it can't be, or refers to other documents, which are " +
					"never loaded, the check is left to the server. Default `true`.",
			},
			"tls": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "TLS settings for a private CA or mutual TLS.",
				Attributes:          tlsAttributes(),
			},
		},
	}
}

func batchingAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"enabled": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether identities share requests. Default `true`; `false` for a gateway that doesn't let " +
				"batches (`PATCH /admin/identities`) or lists through.",
		},
		"max_batch_size": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "The most identities in one request. Default `100`; a lower limit, for a gateway that bounds " +
				"requests or answers, also keeps a refresh from paging ahead. A batch with a password in plain text has 20 at " +
				"most, since the server hashes them one after the other.",
			Validators: []validator.Int64{int64validator.Between(1, 100)},
		},
	}
}

func tlsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"ca_cert_file": tlsString("File with the PEM certificates of the authorities to trust instead of the "+
			"system's.", "ca_cert_pem"),
		"ca_cert_pem": tlsString("The same, given inline."),
		"client_cert_file": tlsString("File with the PEM client certificate, and what it is chained to, for mutual TLS. "+
			"A server that the admin API redirects to sees the certificate too.",
			"client_cert_pem"),
		"client_cert_pem": tlsString("The same, given inline."),
		"client_key_file": tlsString("File with the PEM private key of the client certificate.", "client_key_pem"),
		"client_key_pem": schema.StringAttribute{
			Optional: true, Sensitive: true, MarkdownDescription: "The same, given inline.",
		},
		"server_name": tlsString("Name to check the server's certificate for, where it isn't the URL's host."),
		"insecure_skip_verify": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Don't check the server's certificate. For experiments only: anyone in between can read the " +
				"credentials.",
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
