package base

// Want records the unique values that an object of the plan gets without adopting an identity. own is the id of its
// identity, empty for an identity that is to be created. Want returns another identity that stays on the server after
// its object is destroyed, and that has one of the values: the server would refuse the value to any other identity.
func (w *Walk) Want(own string, uniques []Unique) (id, kind string) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.wanted == nil {
		d.wanted = map[fingerprint]string{}
	}
	for _, unique := range uniques {
		mark := unique.fingerprint()
		d.wanted[mark] = own
		if remaining, ok := d.remaining[mark]; ok && remaining != own && id == "" {
			id, kind = remaining, unique.Kind
		}
	}
	return id, kind
}

// Remain records the unique values of an identity that stays on the server after its object is destroyed. It returns
// the kind of one that another object wants: see Want.
func (w *Walk) Remain(id string, uniques []Unique) (kind string, wanted bool) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.remaining == nil {
		d.remaining = map[fingerprint]string{}
	}
	for _, unique := range uniques {
		mark := unique.fingerprint()
		d.remaining[mark] = id
		if own, ok := d.wanted[mark]; ok && own != id && !wanted {
			kind, wanted = unique.Kind, true
		}
	}
	return kind, wanted
}
