package base

// Remain records the unique values of an identity that stays on the server after its object is destroyed. It returns
// the kind of one that another resource of the walk declares, unless a new resource adopts the identity: the server
// would refuse the value to any other identity. exact are the values as for [Walk.Declare], similar are the values as
// for [Walk.Arrive].
func (w *Walk) Remain(id string, exact, similar []Unique) (kind string, taken bool) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.remaining == nil {
		d.remaining = map[fingerprint]string{}
	}
	mayClash := !d.hasAdopter(similar)
	for _, unique := range exact {
		mark := unique.fingerprint()
		d.remaining[mark] = id
		owner, declared := d.owners[mark]
		// A new resource that has not arrived may adopt. It calls Remaining after it has arrived.
		isNew := owner == "" && d.hasArrived(similar)
		if declared && owner != id && (owner != "" || isNew) && mayClash && !taken {
			kind, taken = unique.Kind, true
		}
	}
	return kind, taken
}

// Remaining returns an identity, other than own, that stays on the server after its object is destroyed, and that has
// one of the unique values, which are as for [Walk.Declare]. A resource calls it after Declare, a new resource after
// Arrive, so that of two objects that are planned at the same time one sees the other.
func (w *Walk) Remaining(own string, uniques []Unique) (id, kind string) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, unique := range uniques {
		if remaining, ok := d.remaining[unique.fingerprint()]; ok && remaining != own {
			return remaining, unique.Kind
		}
	}
	return "", ""
}

func (d *declarations) hasArrived(uniques []Unique) bool {
	for _, unique := range uniques {
		if _, ok := d.arriving[unique.fingerprint()]; ok {
			return true
		}
	}
	return false
}
