// Check a record with the Go project's own packages: the signed head, every entry, and the tree over them.
package main // as docs/how-to/check-the-record.md says; not a part of Alongside, and it uses none of its code

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
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
	fmt.Printf("%s: %d entries, all under the head that %s signed\n", lines[0], size, verifier.Name())
}
