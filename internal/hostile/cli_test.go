package hostile_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// cli is Terraform or OpenTofu as users run it, with the provider as built and the most verbose log.
type cli struct {
	t         *testing.T
	workspace *acctest.Workspace
}

func newCLI(t *testing.T) *cli {
	w := acctest.NewWorkspace(t, "")
	w.Env = append(w.Env, "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH="+filepath.Join(w.Dir, logFile))
	for name, secret := range secretVariables {
		w.Env = append(w.Env, "TF_VAR_"+name+"="+secret)
	}
	return &cli{t, w}
}

const (
	logFile   = "trace.log"
	stateFile = "terraform.tfstate"
)

func (c *cli) plan(config configuration) result {
	return c.run(config, "plan", "-detailed-exitcode")
}

func (c *cli) apply(config configuration) result {
	return c.run(config, "apply", "-auto-approve")
}

func (c *cli) run(config configuration, args ...string) result {
	c.write(config)
	began := time.Now()
	text, code := c.workspace.Try(append(args, "-no-color", "-input=false")...)
	const changes = 2 // of -detailed-exitcode
	return result{
		text: acctest.Unwrapped(text), failed: code != 0 && code != changes, empty: code == 0, took: time.Since(began),
	}
}

// needFeatures skips the test if the command line doesn't know a part of the configuration.
func (c *cli) needFeatures(config configuration) {
	c.t.Helper()
	if len(config.ephemeral) > 0 {
		acctest.Needs(c.t, acctest.Ephemeral)
	}
	for _, resource := range config.resources {
		for attribute := range resource {
			if strings.HasSuffix(attribute, "_wo") {
				acctest.Needs(c.t, acctest.WriteOnly)
			}
		}
	}
}

// write puts the configuration into the workspace, in Terraform's JSON syntax.
func (c *cli) write(config configuration) {
	c.t.Helper()
	c.needFeatures(config)
	required := object{"ory": object{"source": "d66889dc/ory"}}
	document := object{"terraform": object{"required_providers": required}, "provider": object{"ory": config.provider}}
	nest(document, "resource", config.resources)
	nest(document, "data", config.data)
	nest(document, "ephemeral", config.ephemeral)
	var imports []object
	for _, address := range slices.Sorted(maps.Keys(config.imports)) {
		imports = append(imports, object{"to": address, "id": config.imports[address]})
	}
	if len(imports) > 0 {
		document["import"] = imports
	}
	variables := object{}
	for name := range secretVariables {
		variables[name] = object{"type": "string", "sensitive": true}
	}
	document["variable"] = variables
	encoded, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		c.t.Fatal(err)
	}
	text := string(encoded)
	for name, secret := range secretVariables {
		text = strings.ReplaceAll(text, secret, "${var."+name+"}")
	}
	c.workspace.Write("main.tf.json", text)
}

// secretVariables are the secrets that the configuration takes from variables: Terraform quotes the lines of a
// configuration that an error is about.
var secretVariables = map[string]string{"password": password, "new_password": newPassword, "note": note, "key": apiKey}

// nest adds blocks under their types and names.
func nest(document object, block string, byAddress map[string]object) {
	types := object{}
	for address, attributes := range byAddress {
		kind := typeOf(address)
		named, ok := types[kind].(object)
		if !ok {
			named = object{}
			types[kind] = named
		}
		named[address[len(kind)+1:]] = attributes
	}
	if len(types) > 0 {
		document[block] = types
	}
}

func (c *cli) ids() map[string]string {
	c.t.Helper()
	ids := map[string]string{}
	content := c.read(stateFile)
	if content == "" {
		return ids
	}
	var state struct {
		Resources []struct {
			Mode, Type, Name string
			Instances        []struct {
				Attributes struct{ ID, IDs string }
			}
		}
	}
	if err := json.Unmarshal([]byte(content), &state); err != nil {
		c.t.Fatal(err)
	}
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			if resource.Mode != "managed" {
				continue
			}
			address, has := resource.Type+"."+resource.Name, instance.Attributes
			if err := addIDs(ids, address, has.ID, has.IDs); err != nil {
				c.t.Errorf("the state of %s: %v", address, err)
			}
		}
	}
	return ids
}

func (c *cli) dump() (state, log string) {
	return c.read(stateFile), c.read(logFile)
}

// read returns the content of a file that may not exist yet.
func (c *cli) read(name string) string {
	c.t.Helper()
	content, err := os.ReadFile(filepath.Join(c.workspace.Dir, name))
	if err != nil && !os.IsNotExist(err) {
		c.t.Fatal(err)
	}
	return string(content)
}
