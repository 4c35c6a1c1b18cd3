package passwordhash

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"golang.org/x/crypto/argon2"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var _ function.Function = (*hashFunction)(nil)

// NewFunction returns the function password_hash.
func NewFunction() function.Function { return hashFunction{} }

type hashFunction struct{}

// Metadata implements function.Function.
func (hashFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "password_hash"
}

// Definition implements function.Function.
func (hashFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Hash of a password, the same at every run",
		MarkdownDescription: "Hashes a password with argon2id, with a salt made from a seed instead of a random one: the " +
			"same password and seed give the same hash, so that plans are stable, which `bcrypt()` of the core language " +
			"can't. The result goes into `credentials.password.hash` or `credentials.password.hash_wo` of `ory_identity`; the " +
			"server then hashes nothing when it creates people, only once at the first sign-in.\n\nFor test environments, " +
			"where many people get passwords that protect nothing. **Not for the passwords of real people**: give them " +
			"`credentials.password.value_wo`, or an invitation by `ory_recovery_code`. Where the hash is in the state, " +
			"whoever reads it can try passwords on it; a salt that can be worked out lets them start before that. The seed " +
			"must differ from person to person, or equal passwords show as equal hashes; a login identifier or the key of the " +
			"`for_each` will do.\n\nEach hash takes about 30 ms of a processor and 19 MiB of memory, at every plan, also " +
			"where nothing changes, and once more at the apply. So it pays where the server hashes dearly, and costs at every " +
			"plan from then on. Creating 150 people on two processors, measured with Kratos v26.2.0, took up to 16 s with it; " +
			"with plain passwords 45 s at the server's default (bcrypt, cost 12) and 5 s at a cost of 8; without passwords 4 " +
			"s. A plan without changes took 7 s instead of 2 s. Where that is " +
			"too much, hash beforehand, and read the hashes from a file. " + base.FunctionsNeed,
		Parameters: []function.Parameter{
			function.StringParameter{
				Name: "password", MarkdownDescription: "The password, of 1 to 72 bytes. The hash of a sensitive one is sensitive.",
			},
			function.StringParameter{
				Name: "salt_seed", MarkdownDescription: "What to make the salt from: not empty, and another for each person.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run implements function.Function. No error shows the password.
func (hashFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var password, seed string
	if resp.Error = req.Arguments.Get(ctx, &password, &seed); resp.Error != nil {
		return
	}
	switch {
	case password == "":
		resp.Error = function.NewArgumentFuncError(0, "The password is the empty string, which nobody can sign in with")
	case len(password) > kratos.MaxPasswordBytes:
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("The password is %d bytes long. The server's hasher "+
			"takes at most %d", len(password), kratos.MaxPasswordBytes))
	case seed == "":
		resp.Error = function.NewArgumentFuncError(1, "The salt_seed is empty. Give each person another one, such as the "+
			"login identifier")
	default:
		resp.Error = resp.Result.Set(ctx, hashes.get(password, seed, hash))
	}
}

// hashes is global because Terraform makes a new function for every call.
var hashes = newHashCache()

// The parameters of argon2id that OWASP recommends for 19 MiB of memory.
const (
	argonMemory  = 19456 // KiB
	argonTime    = 2
	argonThreads = 1
	argonKeySize = 32 // bytes
	saltSize     = 16 // bytes
)

// hash returns the argon2id hash in the PHC string format, which the server takes.
func hash(password, seed string) string {
	digest := sha256.Sum256([]byte(seed))
	salt := digest[:saltSize]
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKeySize)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, argonMemory, argonTime, argonThreads, encode(salt), encode(key))
}
