package networksim_test

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// Each fault gives the client the expected answer, and Kratos has carried out the request or not, as expected.
func TestServer_faults(t *testing.T) {
	t.Parallel()
	isPage := func(content string) bool { return strings.HasPrefix(content, "<!DOCTYPE html>") }
	isGateways := func(content string) bool { return content != "" && !strings.ContainsAny(content, "{<") }
	is500 := func(content string) bool { return strings.Contains(content, `"code":500,`) }
	isEmpty := func(content string) bool { return content == "" }
	isCut := func(content string) bool {
		return strings.HasPrefix(content, `{"api":`) && !json.Valid([]byte(content))
	}
	isWhole := func(content string) bool { return json.Valid([]byte(content)) }
	for fault, want := range map[networksim.Fault]struct {
		status  int
		reached int64
		content func(string) bool
		err     error
	}{
		networksim.Burst:         {http.StatusTooManyRequests, 0, isEmpty, nil},
		networksim.Error500:      {http.StatusInternalServerError, 0, is500, nil},
		networksim.Error502:      {http.StatusBadGateway, 0, isGateways, nil},
		networksim.Error503:      {http.StatusServiceUnavailable, 0, isGateways, nil},
		networksim.Error504:      {http.StatusGatewayTimeout, 0, isGateways, nil},
		networksim.Late502:       {http.StatusBadGateway, 1, isGateways, nil},
		networksim.Late504:       {http.StatusGatewayTimeout, 1, isGateways, nil},
		networksim.Page200:       {http.StatusOK, 0, isPage, nil},
		networksim.Page503:       {http.StatusServiceUnavailable, 0, isPage, nil},
		networksim.LostAnswer:    {0, 1, isEmpty, io.EOF},
		networksim.ResetInBody:   {http.StatusOK, 1, isCut, syscall.ECONNRESET},
		networksim.TruncatedJSON: {http.StatusOK, 1, isCut, nil},
		networksim.Stall:         {http.StatusOK, 1, isWhole, nil},
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			k := newKratos(t, "kratos")
			s := start(t, networksim.Options{
				Admin: k.URL, Public: k.URL, Faults: map[networksim.Fault]float64{fault: 1}, Stall: 50 * time.Millisecond,
			})
			began := time.Now()
			status, _, content, err := send(t, http.MethodPost, s.URL()+"/admin/identities", "a person")
			if status != want.status || !want.content(content) || !errors.Is(err, want.err) && !cutShort(err, want.err) {
				t.Errorf("got %d %q %v, want %d and %v", status, content, err, want.status, want.err)
			}
			if k.reached.Load() != want.reached {
				t.Errorf("%d requests reached Kratos, want %d", k.reached.Load(), want.reached)
			}
			if n := s.Counts()[networksim.Create].Answers[string(fault)]; n != 1 {
				t.Errorf("counted as %v", s.Counts())
			}
			if fault == networksim.Stall && time.Since(began) < 50*time.Millisecond {
				t.Error("the stall was none")
			}
		})
	}
	if n := len(networksim.AllFaults); n != 13 {
		t.Errorf("%d faults, and the test knows 13", n)
	}
}

// cutShort accepts the error that a reset causes if its last packet arrives too late.
func cutShort(err, want error) bool {
	return errors.Is(want, syscall.ECONNRESET) && errors.Is(err, io.ErrUnexpectedEOF)
}

// A burst also refuses all requests of the next moments, whatever their kind.
func TestServer_burst(t *testing.T) {
	t.Parallel()
	k := newKratos(t, "kratos")
	faults := map[networksim.Fault]float64{networksim.Burst: 0.5}
	seed := uint64(0)
	for ; !slices.Equal(outcomes(t, seed, 2, faults), []string{"429 burst", "200"}); seed++ {
		if seed == 100 {
			t.Fatal("no seed refuses the first request alone")
		}
	}
	const long = 300 * time.Millisecond
	s := start(t, networksim.Options{Admin: k.URL, Public: k.URL, Faults: faults, Seed: seed, Burst: long})
	for i, want := range []int{429, 429, 429, 200} {
		if want == http.StatusOK {
			time.Sleep(long)
		}
		if status, _, _, err := send(t, http.MethodGet, s.URL()+"/admin/identities/1", ""); err != nil || status != want {
			t.Errorf("request %d: %d %v, want %d", i, status, err, want)
		}
	}
}

// outcomes returns the names of the answers to the first reads of a simulator.
func outcomes(t *testing.T, seed uint64, n int, faults map[networksim.Fault]float64) []string {
	t.Helper()
	k := newKratos(t, "kratos")
	s := start(
		t,
		networksim.Options{Admin: k.URL, Public: k.URL, Faults: faults, Seed: seed, Burst: 1, Stall: time.Millisecond},
	)
	var all []string
	for range n {
		_, _, _, _ = send(t, http.MethodGet, s.URL()+"/admin/identities/1", "") // the simulator counts the answer
		for answer := range s.Counts()[networksim.Get].Answers {
			all = append(all, answer)
		}
		s.Reset()
	}
	return all
}

// The same seed gives the same faults; another seed gives other faults. Faults occur about as often as configured.
func TestServer_faultsFollowSeed(t *testing.T) {
	t.Parallel()
	faults := map[networksim.Fault]float64{}
	for _, fault := range networksim.AllFaults {
		faults[fault] = 0.04
	}
	const n = 400
	first, again, other := outcomes(t, 1, n, faults), outcomes(t, 1, n, faults), outcomes(t, 2, n, faults)
	if !slices.Equal(first, again) {
		t.Error("the same seed gave other faults")
	}
	if slices.Equal(first, other) {
		t.Error("another seed gave the same faults")
	}
	seen := map[string]int{}
	for _, outcome := range first {
		seen[outcome]++
	}
	for fault := range faults {
		if count := seen[string(fault)]; count < n/100 || count > n/10 {
			t.Errorf("%s met %d of %d requests, want about 4 %%", fault, count, n)
		}
	}
}

func TestStart_faultRates(t *testing.T) {
	t.Parallel()
	for _, faults := range []map[networksim.Fault]float64{networksim.Each(0.15), {networksim.Stall: -1}} {
		if s, err := networksim.Start(networksim.Options{Faults: faults}); err == nil {
			t.Errorf("%v was accepted", faults)
			_ = s.Close() // the test has failed already
		}
	}
}

func TestEach(t *testing.T) {
	t.Parallel()
	rates, sum := networksim.Each(0.06), 0.0
	for _, fault := range networksim.AllFaults {
		sum += rates[fault]
	}
	if len(rates) != len(networksim.AllFaults) || rates[networksim.Stall] != 0.06 || rates[networksim.Late502] != 0.01 ||
		math.Abs(sum-7*0.06) > 1e-9 {
		t.Errorf("got %v, which add up to %v", rates, sum)
	}
}
