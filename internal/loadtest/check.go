//go:build unix

package loadtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// Identity has the parts of an identity that Check compares.
type Identity struct {
	ID     string         `json:"id"`
	Traits map[string]any `json:"traits"`
}

// OnServer lists the identities of the configuration, by id, from the admin API at a URL. It doesn't use the provider's
// client.
func (c Config) OnServer(ctx context.Context, adminURL string) (map[string]Identity, error) {
	found := map[string]Identity{}
	query := url.Values{"page_size": {"500"}}
	for {
		page, next, err := listPage(ctx, adminURL+"/admin/identities?"+query.Encode())
		if err != nil {
			return nil, err
		}
		for _, identity := range page {
			if email, ok := identity.Traits["email"].(string); ok && strings.HasPrefix(email, c.Prefix+"-") {
				found[identity.ID] = identity
			}
		}
		if next == "" {
			return found, nil
		}
		query.Set("page_token", next)
	}
}

func listPage(ctx context.Context, address string) (page []Identity, next string, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("listing identities: %s", response.Status)
	}
	for _, link := range strings.Split(response.Header.Get("Link"), ",") {
		target, params, _ := strings.Cut(link, ">")
		if u, err := url.Parse(strings.Trim(target, " <")); err == nil && strings.Contains(params, `rel="next"`) {
			next = u.Query().Get("page_token")
		}
	}
	return page, next, json.NewDecoder(response.Body).Decode(&page)
}

// InState returns the identities in Terraform's state, by id.
func (r *Runner) InState(ctx context.Context) (map[string]Identity, error) {
	cmd := r.Command(ctx, "show", "-json")
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("show -json: %w", err)
	}
	var state struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address, Type string
					Values        json.RawMessage
				}
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal(output, &state); err != nil {
		return nil, fmt.Errorf("show -json: %w", err)
	}
	known := map[string]Identity{}
	for _, resource := range state.Values.RootModule.Resources {
		var read func([]byte) ([]Identity, error)
		switch resource.Type {
		case "ory_identity":
			read = readIdentity
		case "ory_identities":
			read = readRows
		default:
			continue
		}
		identities, err := read(resource.Values)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", resource.Address, err)
		}
		for _, identity := range identities {
			if _, twice := known[identity.ID]; twice {
				return nil, fmt.Errorf("identity %s is in the state twice, the second time in %s", identity.ID, resource.Address)
			}
			known[identity.ID] = identity
		}
	}
	return known, nil
}

// readIdentity reads the identity of an ory_identity.
func readIdentity(values []byte) ([]Identity, error) {
	var identity Identity
	err := json.Unmarshal(values, &identity)
	return []Identity{identity}, err
}

// readRows reads the identities of an ory_identities.
func readRows(values []byte) ([]Identity, error) {
	var documents struct{ Identities, IDs string }
	var rows map[string]Identity
	var ids map[string]string
	err := json.Unmarshal(values, &documents)
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(documents.Identities), &rows), json.Unmarshal([]byte(documents.IDs), &ids))
	}
	if err == nil && len(rows) != len(ids) {
		err = fmt.Errorf("%d rows have %d ids", len(rows), len(ids))
	}
	var identities []Identity
	for key, row := range rows {
		identities = append(identities, Identity{ID: ids[key], Traits: row.Traits})
	}
	return identities, err
}

// Check compares the server with the state, and both with the configuration: every identity exists exactly once, as
// configured, and there is no other identity.
func (c Config) Check(onServer, inState map[string]Identity) error {
	var problems []error
	owner := map[string]string{}
	for id, identity := range onServer {
		email := fmt.Sprint(identity.Traits["email"])
		if other, twice := owner[email]; twice {
			problems = append(problems, fmt.Errorf("%s is on the server twice, as %s and %s", email, id, other))
		}
		owner[email] = id
		switch known, ok := inState[id]; {
		case !ok:
			problems = append(problems, fmt.Errorf("%s, identity %s, is on the server and not in the state", email, id))
		case !reflect.DeepEqual(known.Traits, identity.Traits):
			problems = append(problems, fmt.Errorf("identity %s has the traits %v on the server and %v in the state",
				id, identity.Traits, known.Traits))
		}
	}
	for id := range inState {
		if _, ok := onServer[id]; !ok {
			problems = append(problems, fmt.Errorf("identity %s is in the state and not on the server", id))
		}
	}
	for n := range c.Size {
		id, ok := owner[c.Email(n)]
		if !ok {
			problems = append(problems, fmt.Errorf("%s is not on the server", c.Email(n)))
		} else if want := c.Traits(n); !reflect.DeepEqual(onServer[id].Traits, want) {
			problems = append(problems, fmt.Errorf("identity %s has the traits %v, want %v", id, onServer[id].Traits, want))
		}
	}
	if extra := len(owner) - c.Size; extra > 0 {
		problems = append(problems, fmt.Errorf("the server has %d too many", extra))
	}
	return shorten(problems)
}

// shorten keeps the message readable if there are many problems.
func shorten(problems []error) error {
	const most = 5
	if more := len(problems) - most; more > 0 {
		problems = append(problems[:most:most], fmt.Errorf("and %d more", more))
	}
	return errors.Join(problems...)
}
