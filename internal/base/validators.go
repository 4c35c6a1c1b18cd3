package base

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// UUIDPattern matches a UUID in the forms that users may write.
const UUIDPattern = kratos.UUIDPattern

// UUIDRegexp matches [UUIDPattern].
var UUIDRegexp = regexp.MustCompile(UUIDPattern)

// UUID returns a validator that requires a UUID.
func UUID() validator.String { return stringvalidator.RegexMatches(UUIDRegexp, "must be a UUID") }

// PositiveDuration returns a validator that requires a Go duration above zero.
func PositiveDuration() validator.String {
	return durationValidator{least: time.Nanosecond, word: "a positive duration"}
}

// Duration returns a validator that requires a Go duration that isn't negative.
func Duration() validator.String { return durationValidator{word: "a duration"} }

type durationValidator struct {
	least time.Duration
	word  string
}

func (v durationValidator) Description(context.Context) string { return v.word + " such as 30s" }

func (v durationValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v durationValidator) ValidateString(
	_ context.Context,
	req validator.StringRequest,
	resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if d, err := time.ParseDuration(req.ConfigValue.ValueString()); err != nil || d < v.least {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration", fmt.Sprintf("The attribute %s must be %s such as "+
			"\"30s\", \"2m\" or \"24h\" (hours are the largest unit), but it is "+
			"%q.", req.Path, v.word, req.ConfigValue.ValueString()))
	}
}

// URLReference returns a validator that requires a URL that the server can parse: a URL with a scheme of any kind, or a
// path, which the server resolves against its own URL.
func URLReference() validator.String { return urlValidator{} }

type urlValidator struct{}

func (urlValidator) Description(context.Context) string {
	return "a URL such as https://app.example.org/welcome"
}

func (v urlValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (urlValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var why *url.Error
	if _, err := url.Parse(req.ConfigValue.ValueString()); errors.As(err, &why) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid URL", fmt.Sprintf("The attribute %s must be a URL such as "+
			"\"https://app.example.org/welcome\", but it is %q: %s.", req.Path, req.ConfigValue.ValueString(), why.Err))
	}
}
