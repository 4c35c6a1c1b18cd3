package passwordhash

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
)

// verdict is what the server makes of a hash. At most one field is set, with a clause that doesn't show the hash.
type verdict struct {
	fault   string // why nobody can sign in with the hash, or anybody can
	useless string // why no password matches a hash that every server takes
	bound   string // what servers after v26.2 refuse and earlier ones take
}

func (v verdict) isGood() bool { return v == verdict{} }

type (
	// parser judges a hash whose beginning is that of its format.
	parser func(hash string) verdict
	// field judges one part of a hash. The algorithm is the name at the beginning of the hash, such as "hmac-md5".
	field func(algorithm, text string) verdict
	// layout has the fields that follow the algorithm, with "$" between them.
	layout []field
)

// fields parses a hash by the layout with as many fields as the hash has.
func fields(layouts ...layout) parser {
	return func(hash string) verdict {
		texts := strings.Split(hash, "$")[1:]
		for _, l := range layouts {
			if len(l) != len(texts)-1 {
				continue
			}
			var all verdict
			for i, judge := range l {
				all = all.and(judge(texts[0], texts[i+1]))
			}
			return all
		}
		return verdict{fault: fmt.Sprintf("it has %d parts that begin with $ after its name, but the format has %s",
			len(texts)-1, counts(layouts))}
	}
}

// and keeps the gravest: what is no hash needs no word about its cost.
func (v verdict) and(other verdict) verdict {
	switch {
	case v.fault != "" || other.isGood():
		return v
	case other.fault != "" || v.isGood():
		return other
	case v.useless != "":
		return v
	}
	return other
}

func counts(layouts []layout) string {
	words := make([]string, 0, len(layouts))
	for _, l := range layouts {
		words = append(words, strconv.Itoa(len(l)))
	}
	return strings.Join(words, " or ")
}

// The alphabets of Base64 in hashes. The last byte must have no stray bits.
var (
	raw    = encoding{base64.RawStdEncoding.Strict(), "without padding"}
	padded = encoding{base64.StdEncoding.Strict(), "with padding"}
)

type encoding struct {
	*base64.Encoding
	padding string
}

func (e encoding) decode(name, text string) ([]byte, verdict) {
	decoded, err := e.DecodeString(text)
	if err != nil {
		return nil, verdict{fault: fmt.Sprintf("its %s is not Base64 of the standard alphabet %s", name, e.padding)}
	}
	return decoded, verdict{}
}

func bytesOf(name string, e encoding) field {
	return func(_, text string) verdict {
		_, v := e.decode(name, text)
		return v
	}
}

// keyOf is a key whose length the server takes from the hash. Some versions let everybody sign in by an empty key.
func keyOf(e encoding) field {
	return func(_, text string) verdict {
		key, v := e.decode("key", text)
		if v.isGood() && len(key) == 0 {
			v.fault = "its key is empty, so that any password matches on some servers"
		}
		return v
	}
}

// digestSizes are the bytes of a digest, by the end of the name of its algorithm.
var digestSizes = map[string]int{
	"md4": 16, "md5": 16, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64,
}

func digestSize(algorithm string) int {
	return digestSizes[strings.TrimSuffix(strings.TrimPrefix(algorithm, "hmac-"), "-crypt")]
}

func noDigest(isOne bool) verdict {
	if isOne {
		return verdict{}
	}
	return verdict{useless: "its digest does not have the length or the alphabet of the algorithm"}
}

func digest(algorithm, text string) verdict {
	decoded, v := padded.decode("digest", text)
	return v.and(noDigest(len(decoded) == digestSize(algorithm)))
}

var lowerHex = regexp.MustCompile(`^[0-9a-f]*$`)

// hexDigest is the Base64 of a digest in hexadecimal digits.
func hexDigest(algorithm, text string) verdict {
	decoded, v := padded.decode("digest", text)
	return v.and(noDigest(len(decoded) == 2*digestSize(algorithm) && lowerHex.Match(decoded)))
}

// anySalt is a salt that is no Base64.
func anySalt(string, string) verdict { return verdict{} }

var cryptAlphabet = regexp.MustCompile(`^[./0-9A-Za-z]*$`)

// cryptDigest is a digest in the Base64 of crypt(3), which the server compares as text.
func cryptDigest(algorithm, text string) verdict {
	if text == "" {
		return verdict{fault: "its digest is empty"}
	}
	size := map[string]int{"md5-crypt": 22, "sha256-crypt": 43, "sha512-crypt": 86}[algorithm]
	return noDigest(len(text) == size && cryptAlphabet.MatchString(text))
}

// rounds are the parameters of sha-crypt.
func rounds(_, text string) verdict {
	for parameter := range strings.SplitSeq(text, ",") {
		number, is := strings.CutPrefix(parameter, "rounds=")
		if _, err := strconv.ParseUint(number, 10, 32); !is || err != nil {
			return verdict{fault: "its parameters are not rounds=<number>"}
		}
	}
	return verdict{}
}

// template says how the password and the salt are put together, in Base64.
func template(_, text string) verdict {
	var encoded string
	if _, err := fmt.Sscanf(text, "pf=%s", &encoded); err != nil {
		return verdict{fault: "its second part is not pf=<format of password and salt, in Base64>"}
	}
	_, v := padded.decode("pf", encoded)
	return v
}

func argonVersion(_, text string) verdict {
	var version int
	if _, err := fmt.Sscanf(text, "v=%d", &version); err != nil || version != argon2.Version {
		return verdict{fault: fmt.Sprintf("its second part is not v=%d, the only version of argon2 that servers support",
			argon2.Version)}
	}
	return verdict{}
}

const bcryptLength = 53 // characters of the salt and the digest; the library ignores what follows

// parseBcrypt leaves the parsing to the library, which is the server's.
func parseBcrypt(hash string) verdict {
	cost, err := bcrypt.Cost([]byte(hash))
	start := strings.IndexByte(hash[1:], '$') + len("$$12$")
	switch {
	case errors.Is(err, bcrypt.ErrHashTooShort):
		return verdict{fault: "it is too short"}
	case err != nil:
		return verdict{fault: fmt.Sprintf("its cost is not a number between %d and %d", bcrypt.MinCost, bcrypt.MaxCost)}
	case len(hash) < start+bcryptLength || !cryptAlphabet.MatchString(hash[start:start+bcryptLength]):
		return noDigest(false)
	case cost > maxBcryptCost:
		return verdict{bound: fmt.Sprintf("its cost is above %d", maxBcryptCost)}
	}
	return verdict{}
}

// parseSaltedSHA parses a digest with the salt behind it.
func parseSaltedSHA(hash string) verdict {
	name, text, _ := strings.Cut(strings.TrimPrefix(hash, "{S"), "}")
	size := digestSizes[strings.ToLower(name)]
	if name == "SHA" {
		size = digestSizes["sha1"]
	}
	decoded, err := base64.StdEncoding.DecodeString(text) // stray bits don't matter here
	switch {
	case err != nil:
		return verdict{fault: "the part after its name is not Base64 of the standard alphabet with padding"}
	case len(decoded) <= size:
		return verdict{fault: "it has no salt after its digest"}
	}
	return verdict{}
}
