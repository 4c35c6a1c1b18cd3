package kratostest

import (
	"cmp"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
)

// The identity schemas that every server offers.
const (
	SchemaEmail        = "preset://email" // the default, in the shape of Ory's own preset
	SchemaUsername     = "username"       // traits of every JSON type
	SchemaPhone        = "phone"
	SchemaTwoAddresses = "two_addresses"
	SchemaTwoLogins    = "two_logins" // and a third under a condition
)

// Costs of the server's bcrypt: the lowest that Kratos takes, for passwords that protect nothing, and the one it has by
// default.
const (
	CheapBcrypt   = 4
	DefaultBcrypt = 12
)

// Values of SecurityKeys.
const (
	KeysSecond = "second factor" // a key is asked for after the password
	KeysAlone  = "passwordless"  // a key is enough
)

// AllowedReturnURL begins the URLs to which the server sends people on.
const AllowedReturnURL = "https://app.example.org/"

//go:embed schemas/*.json
var schemaFiles embed.FS

// object spares the configuration below its noise.
type object = map[string]any

// writeConfig writes the server's configuration into dir and returns the file's path.
func writeConfig(dir, dsn string, publicPort, adminPort int, options Options) (string, error) {
	schemas, err := schemaConfig(options)
	if err != nil {
		return "", err
	}
	serve := func(port int) object {
		return object{"host": "127.0.0.1", "port": port, "base_url": loopbackURL(port) + "/"}
	}
	config, err := json.MarshalIndent(object{
		"dsn":         dsn,
		"serve":       object{"public": serve(publicPort), "admin": serve(adminPort)},
		"identity":    object{"default_schema_id": cmp.Or(options.DefaultSchema, SchemaEmail), "schemas": schemas},
		"selfservice": selfServiceConfig(loopbackURL(publicPort), options),
		"log":         object{"level": "warning", "format": "text", "leak_sensitive_values": false},
		"hashers":     object{"algorithm": "bcrypt", "bcrypt": object{"cost": max(options.BcryptCost, CheapBcrypt)}},
		"secrets": object{
			"cookie": []string{"not-a-secret-cookie-key"},
			"cipher": []string{"not-a-secret-cipher-key-32-bytes"},
		},
		"courier":       courierConfig(options),
		"feature_flags": object{"use_continue_with_transitions": true},
	}, "", "  ")
	if err != nil {
		return "", fmt.Errorf("encoding the Kratos configuration: %w", err)
	}
	path := filepath.Join(dir, "kratos.json")
	return path, os.WriteFile(path, config, 0o600)
}

func selfServiceConfig(publicURL string, options Options) object {
	hooks := []object{}
	if options.VerifiedLogin {
		hooks = append(hooks, object{"hook": "require_verified_address"})
	}
	return object{
		"default_browser_return_url": publicURL + "/",
		"allowed_return_urls":        []string{AllowedReturnURL},
		"methods": object{
			"password": object{"enabled": true, "config": object{
				"haveibeenpwned_enabled":              false, // would need the internet
				"min_password_length":                 6,
				"identifier_similarity_check_enabled": false,
			}},
			// Sign-in by code would keep the method on for recovery too.
			"code":          object{"enabled": !options.NoRecovery, "passwordless_enabled": !options.NoRecovery},
			"link":          object{"enabled": !options.NoRecovery},
			"lookup_secret": object{"enabled": true},
			"totp":          object{"enabled": true},
			"webauthn": object{"enabled": true, "config": object{
				"passwordless": options.SecurityKeys == KeysAlone, "rp": relyingParty(),
			}},
			"passkey": object{"enabled": true, "config": object{"rp": relyingParty()}},
		},
		"flows": object{
			"login":        object{"after": object{"password": object{"hooks": hooks}}},
			"recovery":     object{"enabled": !options.NoRecovery && !options.NoRecoveryFlow, "use": method(options.Links)},
			"verification": object{"enabled": !options.NoRecovery, "use": method(options.Links)},
		},
	}
}

func method(links bool) string {
	if links {
		return "link"
	}
	return "code"
}

// courierConfig says where the courier delivers mails. Without a mailbox, the courier isn't started; were it, it would
// deliver nowhere.
func courierConfig(options Options) object {
	address := "127.0.0.1:9"
	if options.Mailbox != nil {
		address = options.Mailbox.Address()
	}
	templates := object{}
	for name, text := range options.Templates {
		encoded := "base64://" + base64.StdEncoding.EncodeToString([]byte(text))
		body := object{"plaintext": encoded, "html": encoded}
		templates[name] = object{"valid": object{"email": object{"body": body}}}
	}
	return object{
		"smtp":      object{"connection_uri": "smtp://" + address + "/?disable_starttls=true"},
		"templates": templates,
	}
}

// relyingParty is whom security keys and passkeys are registered with.
func relyingParty() object {
	return object{"display_name": "Test", "id": webAuthnHost, "origins": []string{webAuthnOrigin}}
}

// schemaConfig lists the identity schemas that every server offers, unless it has a default of its own, and those
// added, by id.
func schemaConfig(options Options) ([]object, error) {
	files := []struct{ id, file string }{
		{SchemaEmail, "email"},
		{SchemaUsername, "username"},
		{SchemaPhone, "phone"},
		{SchemaTwoAddresses, "two_addresses"},
		{SchemaTwoLogins, "two_logins"},
	}
	if options.DefaultSchema != "" {
		files = nil
	}
	schemas := make([]object, 0, len(files)+len(options.Schemas))
	add := func(id string, document []byte) {
		schemas = append(schemas, object{"id": id, "url": "base64://" + base64.StdEncoding.EncodeToString(document)})
	}
	for _, f := range files {
		content, err := schemaFiles.ReadFile("schemas/" + f.file + ".json")
		if err != nil {
			return nil, err
		}
		add(f.id, content)
	}
	for _, id := range slices.Sorted(maps.Keys(options.Schemas)) {
		add(id, []byte(options.Schemas[id]))
	}
	return schemas, nil
}

// fileDSN names an SQLite file in dir. With the write-ahead log, writes take half the time; immediate transactions wait
// for their turn at the start, where SQLite honours the busy timeout, and not in the middle, where it may give up. But
// some transactions of Kratos then wait for each other: see Options.LateLocks.
func fileDSN(dir string, options Options) string {
	query := url.Values{"_fk": {"true"}, "mode": {"rwc"}}
	if !options.Quickstart {
		query.Set("_journal_mode", "WAL")
		query.Set("_busy_timeout", "10000")
		if !options.LateLocks {
			query.Set("_txlock", "immediate")
		}
	}
	return "sqlite://" + filepath.ToSlash(filepath.Join(dir, "kratos.sqlite")) + "?" + query.Encode()
}

func loopbackURL(port int) string {
	return fmt.Sprintf("http://127.0.0.1:%d", port)
}
