package jsonvalue

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A value of too many values becomes a text that isn't valid JSON. The text stays the same from read to read, and a
// value that the configuration itself has stays as it is.
func TestAlign_crowded(t *testing.T) {
	t.Parallel()
	numbers := func(n int) string { return `{"a":[0` + strings.Repeat(",0", n-1) + `],"c":"x"}` }
	long := fmt.Sprintf("{\"a\":%q}", strings.Repeat(`,[{"\`, maxValues))
	for text, shown := range map[string]bool{
		numbers(maxValues - 3): false, numbers(maxValues): true, numbers(1_000_000): true, long: false,
	} {
		got, err := AlignDynamic(types.DynamicNull(), raw(text))
		if err != nil {
			t.Fatal(err)
		}
		if held := got.UnderlyingValue().Equal(types.StringValue(tooMany)); held != shown {
			t.Errorf("%.20s of %d bytes: the text is shown: %t", text, len(text), held)
		}
		again, err := AlignDynamic(got, raw(text))
		if err != nil {
			t.Fatal(err)
		}
		same(t, again, got)
	}
	configured, err := Decode(raw(numbers(2 * maxValues)))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(numbers(2*maxValues), `"c":"x"`, `"c":"y"`, 1)
	aligned, err := Align(configured, raw(changed))
	if err != nil || !Matches(aligned, raw(changed)) {
		t.Errorf("%.40s: %v", aligned, err)
	}
}

// An empty object counts once, as in the value of Terraform.
func TestOutgrown_emptyObjects(t *testing.T) {
	t.Parallel()
	for n, outgrown := range map[int]bool{7_000: false, 9_998: false, 10_000: true} {
		text := raw(`{"a":[{}` + strings.Repeat(", { }", n-1) + `]}`)
		value, err := Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		if Outgrown(types.DynamicNull(), text) != outgrown || Outgrown(value, text) || !Matches(value, text) {
			t.Errorf("%d: %t", n, Outgrown(types.DynamicNull(), text))
		}
	}
}
