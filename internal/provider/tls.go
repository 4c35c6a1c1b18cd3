package provider

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// tls returns nil if the attribute isn't set.
func (c config) tls(ctx context.Context, diags *diag.Diagnostics) *tls.Config {
	if c.TLS.IsNull() {
		return nil
	}
	var t tlsConfig
	diags.Append(c.TLS.As(ctx, &t, basetypes.ObjectAsOptions{})...)
	cfg := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		ServerName:         t.ServerName.ValueString(),
		InsecureSkipVerify: t.InsecureSkipVerify.ValueBool(), //nolint:gosec // the user asks for it, and the docs warn
	}
	at := path.Root("tls")
	if ca := pem(at, "ca_cert", t.CACertFile, t.CACertPEM, diags); ca != nil {
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM(ca) {
			diags.AddAttributeError(at, "Invalid CA certificate", "The ca_cert_file or ca_cert_pem of tls contains no PEM "+
				"certificate. Give it at least one certificate in PEM format.")
		}
	}
	cert := pem(at, "client_cert", t.ClientCertFile, t.ClientCertPEM, diags)
	key := pem(at, "client_key", t.ClientKeyFile, t.ClientKeyPEM, diags)
	if cert == nil && key == nil || diags.HasError() {
		return cfg
	}
	if cert == nil || key == nil {
		diags.AddAttributeError(at, "Incomplete client certificate", "A client certificate needs both client_cert_file "+
			"(or client_cert_pem) and client_key_file (or client_key_pem). Set both.")
		return cfg
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		diags.AddAttributeError(at, "Invalid client certificate", "The client certificate and key of tls cannot be used: "+
			err.Error()+". Check that the key belongs to the certificate, and that both are in PEM format.")
		return cfg
	}
	cfg.Certificates = []tls.Certificate{pair}
	return cfg
}

// pem returns the content of a pair of attributes, name_file and name_pem, or nil if neither is set.
func pem(at path.Path, name string, file, inline types.String, diags *diag.Diagnostics) []byte {
	if file.IsNull() {
		if inline.IsNull() {
			return nil
		}
		return []byte(inline.ValueString())
	}
	content, err := os.ReadFile(file.ValueString())
	if err != nil {
		// The error leaves out the file's name: the user may have put the key itself there.
		var pathError *os.PathError
		if errors.As(err, &pathError) {
			err = pathError.Err
		}
		diags.AddAttributeError(
			at.AtName(name+"_file"),
			"File cannot be read",
			"The file of "+name+"_file cannot be read: "+err.Error()+". Check the path, or set "+name+
				"_pem to the content of the file.",
		)
	}
	return content
}

// hasUnknown reports whether a map or an object, or a value directly within it, is unknown.
func hasUnknown(ctx context.Context, value attr.Value) bool {
	terraform, err := value.ToTerraformValue(ctx)
	return err == nil && !terraform.IsFullyKnown()
}
