package identity_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// addresses reports for each verifiable address on the server whether it is verified.
func (a api) addresses(id string) map[string]bool {
	a.t.Helper()
	verified := map[string]bool{}
	list, _ := a.Get(id)["verifiable_addresses"].([]any)
	for _, element := range list {
		entry := element.(map[string]any)
		verified[entry["value"].(string)] = entry["verified"] == true && entry["status"] == "completed" &&
			entry["verified_at"] != nil
	}
	return verified
}

// addressIDs returns the ids of an identity's verifiable addresses on the server.
func (a api) addressIDs(id string) map[string]string {
	a.t.Helper()
	ids := map[string]string{}
	list, _ := a.Get(id)["verifiable_addresses"].([]any)
	for _, element := range list {
		entry := element.(map[string]any)
		ids[entry["value"].(string)] = entry["id"].(string)
	}
	return ids
}

// expectAddresses checks the addresses of ory_identity.test on the server, and whether they are verified.
func (a api) expectAddresses(want map[string]bool) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		if got := a.addresses(s.RootModule().Resources[address].Primary.ID); !maps.Equal(got, want) {
			return fmt.Errorf("addresses on the server (verified or not): %v, want %v", got, want)
		}
		return nil
	}
}

// verify sets all addresses of the identity to verified or to unverified, outside Terraform.
func (a api) verify(id string, verified bool) {
	a.t.Helper()
	list, _ := a.Get(id)["verifiable_addresses"].([]any)
	for _, element := range list {
		entry := element.(map[string]any)
		entry["verified"], entry["status"], entry["verified_at"] = verified, map[bool]string{true: "completed", false: "pending"}[verified], nil
	}
	a.admin.PatchIdentity(a.t, id, acctest.Operation{Op: "replace", Path: "/verifiable_addresses", Value: list})
}

// verifyThemself verifies an address in the way of a person: it requests a code, reads the code in the mail and enters
// it.
func (a api) verifyThemself(server *acctest.Server, email string) {
	a.t.Helper()
	flow, _ := a.call(http.MethodGet, server.PublicURL+"/self-service/verification/api", nil).(map[string]any)
	action := server.PublicURL + "/self-service/verification?flow=" + url.QueryEscape(fmt.Sprint(flow["id"]))
	a.call(http.MethodPost, action, map[string]string{"method": "code", "email": email})
	mails, _ := a.call(http.MethodGet, server.AdminURL+"/admin/courier/messages?recipient="+url.QueryEscape(email), nil).([]any)
	if len(mails) != 1 {
		a.t.Fatalf("%d mails to %s", len(mails), email)
	}
	body := fmt.Sprint(mails[0].(map[string]any)["body"])
	code := regexp.MustCompile(`\b[0-9]{6}\b`).FindString(body)
	if code == "" {
		a.t.Skip("this server doesn't show the code that it mails: it runs without --dev")
	}
	done, _ := a.call(http.MethodPost, action, map[string]string{"method": "code", "code": code}).(map[string]any)
	if done["state"] != "passed_challenge" {
		a.t.Fatalf("the code was refused: %v", done)
	}
}

func (a api) call(method, target string, body any) any {
	a.t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		a.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(a.t.Context(), method, target, bytes.NewReader(encoded))
	if err != nil {
		a.t.Fatal(err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer response.Body.Close()
	var answer any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != http.StatusOK {
		a.t.Fatalf("%s %s: status %d, %v: %v", method, target, response.StatusCode, answer, err)
	}
	return answer
}

// withAddresses returns ory_identity.test of the schema two_addresses with these traits and verified_addresses, nil to
// leave verified_addresses out.
func withAddresses(traits map[string]string, verified []string) string {
	var b strings.Builder
	b.WriteString("  schema_id = \"two_addresses\"\n  traits = {\n")
	for _, name := range slices.Sorted(maps.Keys(traits)) {
		fmt.Fprintf(&b, "    %s = %q\n", name, traits[name])
	}
	b.WriteString("  }\n")
	if verified != nil {
		fmt.Fprintf(&b, "  verified_addresses = [%s]\n", quoted(verified))
	}
	return b.String()
}

func quoted(texts []string) string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = fmt.Sprintf("%q", text)
	}
	return strings.Join(all, ", ")
}

func showsVerified(addresses ...string) []statecheck.StateCheck {
	checks := make([]knownvalue.Check, len(addresses))
	for i, address := range addresses {
		checks[i] = knownvalue.StringExact(address)
	}
	return []statecheck.StateCheck{
		statecheck.ExpectKnownValue(address, tfjsonpath.New("verified_addresses"), knownvalue.SetExact(checks)),
	}
}

func planned(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: checks}
}

// verificationPlan checks that the plan of an update marks exactly the attributes as unknown that a verification
// changes.
func verificationPlan() resource.ConfigPlanChecks {
	return planned(plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
		unknowns{map[string]bool{"updated_at": true, "verifiable_addresses": true}})
}

// verificationPlanUnknown is like verificationPlan for addresses that are unknown at plan.
func verificationPlanUnknown() resource.ConfigPlanChecks {
	return planned(plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
		plancheck.ExpectUnknownValue(address, tfjsonpath.New("verifiable_addresses")),
		plancheck.ExpectUnknownValue(address, tfjsonpath.New("verified_addresses").AtSliceIndex(0)))
}
