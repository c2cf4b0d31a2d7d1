// Check a record with the Go project's own packages: the signed head, every entry, the tree over them, and what leads signed with their own keys.
package main // as docs/how-to/check-the-record.md says; not a part of Alongside, and it uses none of its code

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func get(address string) []byte {
	r, err := http.Get(address)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 {
		log.Fatal(address, " ", r.Status, " ", err)
	}
	return body
}

// n in the tlog-tiles form: 1234067 is x001/x234/067
func number(n int64) string {
	s := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	return s
}

type tiles struct{ base string }

func (t tiles) Height() int                                { return 8 }
func (t tiles) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, one := range wanted {
		where := fmt.Sprintf("%s/tile/%d/%s", t.base, one.L, number(one.N))
		if one.W < 256 {
			where += fmt.Sprintf(".p/%d", one.W)
		}
		found = append(found, get(where))
	}
	return found, nil
}

type entry struct {
	V           int
	Kind, Date  string
	By          []string
	Data, Texts map[string]json.RawMessage
	Cites       map[string][]int64
	Act         *act
}

type act struct {
	Nonce     string
	Of, Place int64
	Sigs      map[string]struct {
		Day, Root, Sig string
		Size           int64
	}
}

// The kinds of which each lead signs her own part, those of which each says something of her own, and what of an entry nobody
// signs (docs/reference/entries.md, "apart", "of each" and "as it follows").
var ownData, ownTexts, apart, checks = "saw", []string{"check", "check-2"},
	[]string{"delivery.verified", "delivery.disputed", "policy.adopted", "engagement.corrected", "offer.decided", "finding.published", "key.destroyed", "voices.opened"}, []string{"delivery.verified", "delivery.disputed"}
var clock, follows = []string{"ack_due", "answer_due"}, map[string][]string{
	"delivery.verified": {"completion"}, "delivery.disputed": {"completion"}, "answer.contested": {"reply_due"}, "ask.raised": {"reply_due"},
	"ask.recommended": clock, "ask.questioned": clock, "ask.advised": clock, "offer.decided": {"statement"},
}

func canonical(value any) []byte {
	var b bytes.Buffer
	writer := json.NewEncoder(&b)
	writer.SetEscapeHTML(false)
	if err := writer.Encode(value); err != nil {
		log.Fatal(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// What a seat signs of an entry, its own part where leads sign it apart, without place and day; first is the index of the first entry of its act, v its grammar.
func part(e entry, first, v int64, seat string, isApart bool) map[string]any {
	if v >= 5 && (e.Kind != "offer.decided" || string(e.Data["decision"]) == `"released"`) {
		for _, name := range follows[e.Kind] {
			delete(e.Data, name)
		}
	}
	cites := map[string][]any{}
	for role, cited := range e.Cites {
		for _, one := range cited {
			if one >= first {
				cites[role] = append(cites[role], fmt.Sprintf("+%d", one-first))
			} else {
				cites[role] = append(cites[role], one)
			}
		}
	}
	by, place := e.By, slices.Index(e.By, seat)
	if isApart && place >= 0 {
		by = []string{seat}
		if slices.Contains(checks, e.Kind) {
			saw := map[string]json.RawMessage{}
			json.Unmarshal(e.Data[ownData], &saw)
			e.Data[ownData] = canonical(map[string]json.RawMessage{seat: saw[seat]})
			texts := map[string]json.RawMessage{}
			if place >= len(ownTexts) {
				log.Fatal("a check names more than two")
			} else if own, is := e.Texts[ownTexts[place]]; is {
				texts[ownTexts[0]] = own
			}
			e.Texts = texts
		}
	}
	return map[string]any{"by": by, "cites": cites, "data": e.Data, "kind": e.Kind, "texts": e.Texts}
}

func parsed(raw []byte) entry {
	var e entry
	if err := json.Unmarshal(raw, &e); err != nil {
		log.Fatal(err)
	}
	return e
}

// Hold each signature of the act whose last entry is n against the keys that the log entered for its seat before.
func signed(origin string, raws [][]byte, n int64, keys map[string][]ed25519.PublicKey, lost map[string]bool, root func(int64) string) {
	last := parsed(raws[n])
	first := n - last.Act.Place
	begun := parsed(raws[first])
	isApart := slices.Contains(apart, begun.Kind)
	isApart = isApart && last.V >= 5
	for at := first; at <= n; at++ {
		for _, seat := range parsed(raws[at]).By {
			if _, is := begun.Act.Sigs[seat]; len(keys[seat]) > 0 && !lost[seat] && !is {
				log.Fatal("entry ", at, ": ", seat, " has a key and did not sign")
			}
		}
	}
	for seat, one := range begun.Act.Sigs {
		var drafts []any
		for at := first; at <= n; at++ {
			e := parsed(raws[at])
			if e.Act == nil || e.Act.Nonce != last.Act.Nonce || e.Act.Place != at-first || e.Act.Of != last.Act.Of {
				log.Fatal("entry ", at, ": its act is not whole")
			}
			drafts = append(drafts, part(e, first, int64(last.V), seat, isApart))
		}
		said := canonical(map[string]any{"drafts": drafts, "nonce": last.Act.Nonce, "origin": origin, "v": last.V})
		digest := sha256.Sum256(said)
		words := []string{"alongside/lead-act/v1", origin, seat, hex.EncodeToString(digest[:]), one.Day, strconv.FormatInt(one.Size, 10), one.Root}
		statement := []byte(strings.Join(words, "\n") + "\n")
		sig, err := base64.StdEncoding.DecodeString(one.Sig)
		holds := func(key ed25519.PublicKey) bool { return ed25519.Verify(key, statement, sig) }
		if err != nil || !slices.ContainsFunc(keys[seat], holds) {
			log.Fatal("entry ", first, ": the signature of ", seat, " does not stand under this act")
		}
		if one.Size > first || root(one.Size) != one.Root {
			log.Fatal("entry ", first, ": ", seat, " signed over a head that this record never had")
		}
	}
	if len(begun.Act.Sigs) == 0 {
		log.Fatal("entry ", first, ": nobody signed its act")
	}
}

// Walk through the entries, and hold what leads signed against their keys; give how many acts there are.
func acts(origin string, raws [][]byte) (count int) {
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) (found []tlog.Hash, err error) {
		for _, one := range at {
			found = append(found, hashes[one])
		}
		return found, nil
	})
	root := func(size int64) string {
		hash, err := tlog.TreeHash(size, reader)
		if err != nil {
			log.Fatal(err)
		}
		return hex.EncodeToString(hash[:])
	}
	type founder struct {
		seat string
		key  ed25519.PublicKey
	}
	keys, waiting, open := map[string][]ed25519.PublicKey{}, map[int64]founder{}, false
	lost := map[string]bool{}
	for n, raw := range raws {
		e := parsed(raw)
		if open && (e.Act == nil || e.Act.Place == 0) {
			log.Fatal("entry ", n, ": an act before it is cut off")
		}
		open = e.Act != nil && e.Act.Place+1 < e.Act.Of
		if e.Act != nil && !open {
			signed(origin, raws, int64(n), keys, lost, root)
			count++
		}
		// Whoever reported a key lost signs nothing until they have a new one; another lead signs beside them.
		if e.Kind == "key.lost" {
			for _, seat := range e.By {
				lost[seat] = true
			}
		}
		if e.Kind == "key.founded" || e.Kind == "key.certified" {
			var seat, key string
			json.Unmarshal(e.Data["seat"], &seat)
			json.Unmarshal(e.Data["sign_key"], &key)
			bare, err := hex.DecodeString(key)
			if err != nil || len(bare) != ed25519.PublicKeySize {
				log.Fatal("entry ", n, ": its key is none")
			}
			// The first founding key counts once the second one, which names it, was compared with it.
			if _, compared := e.Data["certs"]; e.Kind == "key.founded" && e.V >= 2 && !compared {
				waiting[int64(n)] = founder{seat, bare}
			} else {
				keys[seat], lost[seat] = append(keys[seat], bare), false
			}
			for _, at := range e.Cites["key"] {
				if first, is := waiting[at]; is {
					keys[first.seat], lost[first.seat] = append(keys[first.seat], first.key), false
				}
			}
		}
		more, err := tlog.StoredHashes(int64(n), raw, reader)
		if err != nil {
			log.Fatal(err)
		}
		hashes = append(hashes, more...)
	}
	if open {
		log.Fatal("the last act is cut off")
	}
	return count
}

func main() {
	base, vkey := strings.TrimSuffix(os.Args[1], "/"), os.Args[2]
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		log.Fatal(err)
	}
	head, err := note.Open(get(base+"/checkpoint"), note.VerifierList(verifier))
	if err != nil {
		log.Fatal("the head: ", err)
	}
	lines := strings.Split(head.Text, "\n")
	size, _ := strconv.ParseInt(lines[1], 10, 64)
	raw, _ := base64.StdEncoding.DecodeString(lines[2])
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], raw)

	var entries [][]byte
	for n := int64(0); n*256 < size; n++ {
		where := fmt.Sprintf("%s/tile/entries/%s", base, number(n))
		if size-n*256 < 256 {
			where += fmt.Sprintf(".p/%d", size-n*256)
		}
		for left := bytes.NewReader(get(where)); left.Len() > 0; {
			var long uint16
			if binary.Read(left, binary.BigEndian, &long) != nil {
				log.Fatal("a bundle is cut short: ", where)
			}
			entry := make([]byte, long)
			if _, err := io.ReadFull(left, entry); err != nil {
				log.Fatal(err)
			}
			entries = append(entries, entry)
		}
	}
	reader := tlog.TileHashReader(tree, tiles{base})
	for n := int64(0); n < size; n++ {
		proof, err := tlog.ProveRecord(size, n, reader)
		if err == nil {
			err = tlog.CheckRecord(proof, size, tree.Hash, n, tlog.RecordHash(entries[n]))
		}
		if err != nil {
			log.Fatal("entry ", n, ": ", err)
		}
	}
	count := acts(lines[0], entries)
	fmt.Printf("%s: %d entries, all under the head that %s signed; %d acts under the keys of their leads\n", lines[0], size, verifier.Name(), count)
}
