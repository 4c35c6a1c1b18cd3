package provider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	encoding "encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// secureServer returns a server that requires a client certificate and answers with an identity.
func secureServer(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"id":"9f425a8d-7efc-4768-8f23-7647a74fdf13","traits":{}}`))
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// clientCertificate returns a self-signed certificate and its key, in PEM.
func clientCertificate(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return inPEM("CERTIFICATE", der), inPEM("EC PRIVATE KEY", keyDER)
}

func inPEM(kind string, der []byte) string {
	return string(encoding.EncodeToMemory(&encoding.Block{Type: kind, Bytes: der}))
}

func TestTLS(t *testing.T) {
	server := secureServer(t)
	certificate, key := clientCertificate(t)
	ca := inPEM("CERTIFICATE", server.Certificate().Raw)
	keyFile := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(keyFile, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		tls   map[string]string
		error string
	}{
		"CA and client certificate": {
			map[string]string{"ca_cert_pem": ca, "client_cert_pem": certificate, "client_key_file": keyFile},
			"",
		},
		"unknown CA": {
			map[string]string{"client_cert_pem": certificate, "client_key_file": keyFile},
			"certificate",
		},
		"no client certificate": {map[string]string{"ca_cert_pem": ca}, "certificate required"},
		"certificate of another name": {
			map[string]string{
				"ca_cert_pem":     ca,
				"client_cert_pem": certificate,
				"client_key_file": keyFile,
				"server_name":     "kratos.invalid",
			}, "kratos.invalid",
		},
		"another name that it has": {
			map[string]string{
				"ca_cert_pem":     ca,
				"client_cert_pem": certificate,
				"client_key_file": keyFile,
				"server_name":     "example.com",
			}, "",
		},
		"checks off": {
			map[string]string{"client_cert_pem": certificate, "client_key_file": keyFile, "insecure_skip_verify": "true"},
			"",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			settings := tlsBlock("server_name", "").Attributes()
			settings["server_name"] = types.StringNull()
			for attribute, value := range test.tls {
				settings[attribute] = types.StringValue(value)
				if attribute == "insecure_skip_verify" {
					settings[attribute] = types.BoolValue(true)
				}
			}
			data, diags := configure(t, block{
				"admin_url": types.StringValue(server.URL), "max_retries": types.Int64Value(0),
				"tls": types.ObjectValueMust(tlsBlock("server_name", "").AttributeTypes(t.Context()), settings),
			}, nil)
			if diags.HasError() {
				t.Fatal(diags)
			}
			_, err := data.Client.GetIdentity(t.Context(), "9f425a8d-7efc-4768-8f23-7647a74fdf13")
			if test.error == "" && err != nil || test.error != "" && (err == nil || !strings.Contains(err.Error(), test.error)) {
				t.Errorf("got %v, want %q", err, test.error)
			}
		})
	}
}
