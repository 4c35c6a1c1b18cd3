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
		Summary: "Deterministic hash of a password",
		MarkdownDescription: "Computes an argon2id hash of a password. The salt comes from a seed, so the same password " +
			"and the same seed always give the same hash, and the plan stays empty. (`bcrypt()` of Terraform returns another " +
			"hash each time.) Use the result as `credentials.password.hash` or `credentials.password.hash_wo` of " +
			"`ory_identity`.\n\n~> **Use it for test environments only.** For real people use " +
			"`credentials.password.value_wo`, or `ory_recovery_code`. Whoever reads the hash in the state can try passwords, " +
			"and can prepare for it, because the salt is predictable.\n\nUse another seed for each person, for example the " +
			"key of `for_each`. Otherwise equal passwords have equal hashes.\n\nEach hash takes about 30 ms of CPU time and " +
			"19 MiB of memory in every plan, and once more in the apply. Measured with Kratos v26.2.0 on two cores, the " +
			"creation of 150 people took up to 16 s with this function, 45 s with plain passwords at the server's default " +
			"(bcrypt, cost 12), 5 s at cost 8, and 4 s without passwords. A plan without changes took 7 s in place of 2 s. If " +
			"this is too slow, compute the hashes beforehand and read them from a file." + base.FunctionRequirements,
		Parameters: []function.Parameter{
			function.StringParameter{
				Name: "password", MarkdownDescription: "The password, 1 to 72 bytes. If the password is sensitive, the hash is " +
					"sensitive.",
			},
			function.StringParameter{
				Name: "salt_seed", MarkdownDescription: "Seed of the salt, not empty. Use another seed for each person.",
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
		resp.Error = base.ArgumentError(0, "The password is empty", "nobody can sign in with an empty password")
	case len(password) > kratos.MaxPasswordBytes:
		resp.Error = base.ArgumentError(0, "The password is too long", fmt.Sprintf("it has %d bytes, and the server "+
			"accepts at most %d bytes", len(password), kratos.MaxPasswordBytes))
	case seed == "":
		resp.Error = base.ArgumentError(1, "The salt_seed is empty", "set a different salt_seed for each person, for "+
			"example the login identifier")
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
