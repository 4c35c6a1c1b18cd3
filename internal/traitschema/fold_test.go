package traitschema_test

import (
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// The folded texts are those of the tests of Kratos (x/normalize_test.go), and of phone numbers.
func TestCanonical(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"  EXAMPLE@Domain.COM ":                "example@domain.com",
		"\uff41\uff4c\uff49\uff43\uff45@a.org": "alice@a.org", // full width
		"\uff21lice":                           "alice",
		"o\ufb03ce@example.com":                "office@example.com", // ligature
		"zoe\u0308":                            "zo\u00eb",           // decomposed
		"ZOE\u0308":                            "zo\u00eb",
		"\u202aalice@example.com\u202c":        "alice@example.com", // bidirectional controls
		"AL\u200bice":                          "alice",             // invisible characters
		"al\u00adice\u3164":                    "alice",
		"\uff21L\u200bICE":                     "alice",
		"alice\ufe0f":                          "alice",
		"alice\U0001f389":                      "alice\U0001f389", // emoji stay
		"\u05d3\u05d5\u05d3 ada":               "\u05d3\u05d5\u05d3 ada",
		"\u0130nci":                            "inci",
		"i\u0307nci":                           "inci",
		"\u039f\u0394\u039f\u03a3\u200b":       "\u03bf\u03b4\u03bf\u03c3",
		"stra\u00dfe":                          "stra\u00dfe",
		"\u200b":                               "",
		"":                                     "",
		"ada lovelace":                         "ada lovelace",
		"a.b-c/d":                              "a.b-c/d",
		"+49 176 671 11 638":                   "+4917667111638",
		"+49 (0)176/671-11.638":                "+4917667111638",
		"\uff0b\uff14\uff19 176 671 11 638":    "+4917667111638",
		"+1 650-253\u200b-0000":                "+16502530000",
		"+44 (0)20 7946 0000":                  "+442079460000",
		"+1 (555) 1-2.3":                       "+1555123", // valid nowhere
		"0049 176 671 11 638":                  "0049 176 671 11 638",
		"7667111638":                           "7667111638",
		"ada+4917667111638@example.org":        "ada+4917667111638@example.org",
		"tel:+49-176-67111638":                 "+4917667111638",
	} {
		got := traitschema.Canonical(text)
		if got != want {
			t.Errorf("%+q became %+q, want %+q", text, got, want)
		}
		if again := traitschema.Canonical(got); again != got {
			t.Errorf("%+q became %+q, and that %+q", text, got, again)
		}
	}
}
