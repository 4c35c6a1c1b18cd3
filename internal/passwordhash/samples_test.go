package passwordhash_test

// hashed is the password of the samples. OpenSSL, pyca/cryptography and Go's libraries made the hashes.
const hashed = "analytical engine"

// verdict is what the plan says of a hash.
type verdict int

const (
	accepted verdict = iota
	unknown          // error: every server refuses the hash
	damaged          // error: some servers refuse the hash; on the others nobody, or anybody, can sign in with it
	useless          // warning: every server takes the hash, and nobody can sign in with it
	bounded          // warning: newer servers refuse the hash
)

const (
	bcrypt   = "AjyJALILKQPYqWjTaqwCcuN4oZ0LucuzgWWfPo1Y1vu5xUVXK3ze6"
	argon    = "$MDEyMzQ1Njc4OWFiY2RlZg$IcfmddtLQe7uOD5NlQUbfkMYF8cU4JX1v9ZK/EmgN7s"
	pbkdf2   = "$MDEyMzQ1Njc4OWFiY2RlZg$dgPLYrFWhJAk8A7NJ5EC8gakx4c"
	scrypt   = "$MDEyMzQ1Njc4OWFiY2RlZg==$lHHYXaLrymOQDFxvQUuvdIYNDh7G2grhLeb5SKqkknk="
	firebase = "$MDEyMzQ1Njc4OWFiY2RlZg==$hj6C27+CU2QkhgcH3NuCytRyz7Nmgh7dkjCu7r8y$Bw==$c2lnbmVyIGtleSBvZiBzaXh0eS1mb3VyIGJ5dGVz"
	pf       = "pf=e1NBTFR9e1BBU1NXT1JEfQ==$c2FsdA==" // {SALT}{PASSWORD}, salt
	sha1     = "$hnH5V3fhDbz62hkkCBPRDO67ir4="
	sha256   = "$+v1KGtAhcOwhUGIAB6uBvZRj3KPLqJ5ywY0+gJhpoIM="
	sha512   = "$vpXdbtYgUPEJcU4GnFo0h2GF3UpFOmQyzDE/c5IM3/l7DK1EcgAJiwqO9iYyjmqVmzkHELyjGDe3FRKuJYHHhA=="
	crypt256 = "$saltsalt$CF6LNK.mgYdeqPscn4OH2PIrLHFJQuAiwDp0zoTCfQ1"
	crypt512 = "$saltsalt$ZWlws8Jekh4BT14L4yBTxLj4YqwRkGbVBx7AQoej0J9DlHUc0dDye7ctJ06FwhMHxKwuqptgltj5OynPZthsj."
	ssha     = "TC90wb7hItmixi7SxhiA/5VYPitzYWx0"
)

var samples = map[string]verdict{
	"$2a$04$" + bcrypt:                      accepted,
	"$2b$04$" + bcrypt:                      accepted,
	"$2y$04$" + bcrypt:                      accepted,
	"$2z$04$" + bcrypt:                      accepted,
	"$2$04$" + bcrypt:                       accepted,
	"$2a$04$" + bcrypt + "and more":         accepted, // the server ignores the rest
	"$2a$04$" + bcrypt[:len(bcrypt)-1]:      useless,
	"$2a$04$" + bcrypt[:len(bcrypt)-2]:      damaged,
	"$2a$04$" + "?" + bcrypt[1:]:            useless,
	"$2a$04$" + bcrypt[:52] + "+":           useless,
	"$2a$03$" + bcrypt:                      damaged,
	"$2a$32$" + bcrypt:                      damaged,
	"$2a$4$" + bcrypt + "x":                 damaged,
	"$2a$16$" + bcrypt:                      bounded,
	"$2x$04$" + bcrypt:                      unknown,
	"$argon2id$v=19$m=1024,t=1,p=1" + argon: accepted,
	"$argon2i$v=19$m=1024,t=3,p=2$MDEyMzQ1Njc4OWFiY2RlZg$xR6BHu7rxNkjlG5I1t0LYukWffvQ3b1eTRpyTisKq/8": accepted,
	"$argon2id$v=19$m=1024,t=1,p=1,keyid=a" + argon:                                                   accepted, // ignored
	"$argon2id$v=16$m=1024,t=1,p=1" + argon:                                                           damaged,
	"$argon2id$m=1024,t=1,p=1" + argon:                                                                damaged,
	"$argon2id$v=19$t=1,m=1024,p=1" + argon:                                                           damaged,
	"$argon2id$v=19$m=1024,t=1,p=-1" + argon:                                                          damaged,
	"$argon2id$v=19$m=1024,t=1,p=256" + argon:                                                         damaged,
	"$argon2id$v=19$m=1024,t=1,p=1" + argon + "=":                                                     damaged,
	"$argon2id$v=19$m=1024,t=1,p=1" + argon[:len(argon)-2]:                                            damaged,
	"$argon2id$v=19$m=1024,t=1,p=1" + argon[:len(argon)-1] + "t":                                      damaged, // stray bits
	"$argon2id$v=19$m=1024,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg":                                            damaged,
	"$argon2id$v=19$m=1024,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$":                                           damaged,
	"$argon2id$v=19$m=1048577,t=1,p=1" + argon:                                                        bounded,
	"$argon2id$v=19$m=1024,t=11,p=1" + argon:                                                          bounded,
	"$argon2id$v=19$m=1024,t=1,p=17" + argon:                                                          bounded,
	"$argon2d$v=19$m=1024,t=1,p=1" + argon:                                                            unknown,
	"$pbkdf2-sha256$i=1000,l=20" + pbkdf2:                                                             accepted,
	"$pbkdf2-sha256$i=1000,l=999" + pbkdf2:                                                            accepted, // the length is ignored
	"$pbkdf2-sha1$i=1000,l=20$MDEyMzQ1Njc4OWFiY2RlZg$N6X9elfbE0hBKBPxlVMM+rloXtY":                     accepted,
	"$pbkdf2-sha512$i=1000,l=20$MDEyMzQ1Njc4OWFiY2RlZg$rCAZYytpx2hHop4NluaMk/9+oo0":                   accepted,
	"$pbkdf2-sha256$i=1000" + pbkdf2:                                                                  damaged,
	"$pbkdf2-sha256$1000" + pbkdf2:                                                                    damaged,
	"$pbkdf2-sha256$i=4294967296,l=20" + pbkdf2:                                                       damaged,
	"$pbkdf2-sha256$i=1000,l=20" + pbkdf2 + "=":                                                       damaged,
	"$pbkdf2-sha256$i=1000,l=20$MDEyMzQ1Njc4OWFiY2RlZg$":                                              damaged,
	"$pbkdf2-sha256$i=10000001,l=20" + pbkdf2:                                                         bounded,
	"$pbkdf2$1000" + pbkdf2:                                                                           unknown,
	"$scrypt$ln=1024,r=8,p=1" + scrypt:                                                                accepted,
	"$scrypt$ln=1000,r=8,p=1" + scrypt:                                                                useless,
	"$scrypt$ln=262144,r=8,p=1" + scrypt:                                                              bounded,
	"$scrypt$ln=1024,r=9,p=1" + scrypt:                                                                bounded,
	"$scrypt$ln=1024,r=8,p=11" + scrypt:                                                               bounded,
	"$scrypt$n=1024,r=8,p=1" + scrypt:                                                                 damaged,
	"$scrypt$ln=1024,r=8,p=1" + scrypt[:len(scrypt)-1]:                                                damaged,
	"$scrypt$ln=1024,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$":                                               damaged,
	"$firescrypt$ln=5,r=8,p=1" + firebase:                                                             accepted,
	"$firescrypt$ln=18,r=8,p=1" + firebase:                                                            bounded,
	"$firescrypt$ln=5,r=8,p=1" + scrypt:                                                               damaged,
	"$firescrypt$ln=5,r=8,p=1" + firebase[:len(firebase)-1]:                                           damaged,
	"$md5$o0GImDVvRh6lteFR1+CGGg==":                                                                   accepted,
	"$md5$" + pf + "$vvHja+b73vgtAOv0d072SA==":                                                        accepted,
	"$md5$o0GImDVvRh6lteFR1+CGGg":                                                                     damaged,
	"$md5$a34188983":                                                                                  damaged,
	"$md5$a3418898356f461ea5b5e151d7e0861a":                                                           useless, // hexadecimal digits
	"$md5$salt$o0GImDVvRh6lteFR1+CGGg==":                                                              damaged,
	"$md5$e1NBTFR9e1BBU1NXT1JEfQ==$c2FsdA==$vvHja+b73vgtAOv0d072SA==":                                 damaged,
	"$md5-crypt$saltsalt$xkWKrgH8D/d21935caGq31":                                                      accepted,
	"$md5-crypt$saltsalt$xkWKrgH8D/d21935caGq3":                                                       useless,
	"$md5-crypt$xkWKrgH8D/d21935caGq31":                                                               damaged,
	"$1$saltsalt$xkWKrgH8D/d21935caGq31":                                                              unknown,
	"$sha1$" + pf + sha1:                                                                              accepted,
	"$sha256$" + pf + sha256:                                                                          accepted,
	"$sha512$" + pf + sha512:                                                                          accepted,
	"$sha512$" + pf + sha256:                                                                          useless,
	"$sha1$" + pf + sha1[:len(sha1)-1]:                                                                damaged,
	"$sha1$pf=$c2FsdA==" + sha1:                                                                       damaged,
	"$sha1$c2FsdA==" + sha1:                                                                           damaged,
	"$sha384$" + pf + sha512:                                                                          unknown,
	"$sha256-crypt" + crypt256:                                                                        accepted,
	"$sha512-crypt$rounds=1000" + crypt512:                                                            accepted,
	"$sha512-crypt$rounds=many" + crypt512:                                                            damaged,
	"$sha512-crypt$cost=1000" + crypt512:                                                              damaged,
	"$sha512-crypt" + crypt256:                                                                        useless,
	"$sha256-crypt$saltsalt$":                                                                         damaged,
	"$5" + crypt256:                                                                                   unknown,
	"{SSHA}" + ssha:                                                                                   accepted,
	"{SSHA256}Cpq9s+JF8gGvoJj93KJFvaay0MryWZTuBRrcb6CllSBzYWx0":                                       accepted,
	"{SSHA512}D/bLxnjL0rkc4eXFSu7638Mv70XH1kNUP+4thzRTH9ABAegKOV7S9SLy5HnW0oh4kSOP9cf4vUq5hjsxxmk1QHNhbHQ=": accepted,
	"{SSHA512}" + ssha:            damaged,
	"{SSHA}" + ssha[:len(ssha)-1]: damaged,
	"{SHA}" + ssha:                unknown,
	"$hmac-md4$ZGRkMzk5Y2VmYTA3Y2FmNzIyMDQ5NDU5OTQ3ZGY2ZjI=$a2V5":                                                accepted,
	"$hmac-md5$OTA5MzY5NTAzNWI5ZDIwZWVlMjZjMTc0NTQ4ZTdlYTQ=$a2V5":                                                accepted,
	"$hmac-sha1$MTg0ZTFkMTg1ZDdlMDI1NGE5ZDBiNTk0NTgyMjI0NTk5YmVjNjVmOA==$a2V5":                                   accepted,
	"$hmac-sha256$MGY2OGFhYmQyMTBlYTVhMTU4ZDYwNmRhYmUzOWIxOGQ3YTFhZjIxYTUzNzcyMjAxYTY4Y2Y3ZTA5ZWJlMWZhYg==$a2V5": accepted,
	"$hmac-sha512$NGNjOTRjYTY4N2ZhNGE2ZGY4ZmUxMDc4ZGM4N2Q1YTU5MDllZWUzYWU0MWNiNTI1NWRmNGI2OWU0Yjk0NTFjYjE2MTI1NmJkZjkzNTBkNjAxN2I3ZWJhNjk5ZGM4NzJmMzQyZTU3NDY2MDQ3ZWU0ZTU0OGQyMTFkMzVjNWZhMjU=$a2V5": accepted,
	"$hmac-md5$OTA5MzY5NTAzNWI5ZDIwZWVlMjZjMTc0NTQ4ZTdlYTQ=":       damaged,
	"$hmac-md5$OTA5MzY5NTAzNWI5ZDIwZWVlMjZjMTc0NTQ4ZTdlYTQ=$k@y":   damaged,
	"$hmac-md5$kJNpUDW50g7uJsF0VI6npA==$a2V5":                      useless, // the digest isn't in hexadecimal digits
	"$hmac-sha3$OTA5MzY5NTAzNWI5ZDIwZWVlMjZjMTc0NTQ4ZTdlYTQ=$a2V5": unknown,
	hashed:              unknown,
	" $2a$04$" + bcrypt: unknown,
}
