package passwordhash

// MaxPasswordBytes is the longest password that bcrypt, the server's default hasher, takes. The server answers longer ones with a 500.
const MaxPasswordBytes = 72
