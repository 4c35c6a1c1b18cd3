package provider_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// documents returns the text of every page under docs/ by its path.
func documents(t *testing.T) map[string]string {
	t.Helper()
	root := filepath.Join(examples(t), "..", "docs")
	texts := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			texts[path] = read(t, path)
		}
		return err
	})
	if err != nil || len(texts) == 0 {
		t.Fatalf("%d pages: %v", len(texts), err)
	}
	return texts
}

// Every block of HCL in the documentation is an example file, and tests apply or validate all of those.
func TestDocs_blocksAreExamples(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	err := filepath.WalkDir(examples(t), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			known[strings.TrimSpace(read(t, path))] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```(?:terraform|hcl)\n(.*?)```")
	blocks := 0
	for path, text := range documents(t) {
		for _, match := range block.FindAllStringSubmatch(text, -1) {
			blocks++
			if !known[strings.TrimSpace(match[1])] {
				t.Errorf("%s has a block that is no file under examples/:\n%s", path, match[1])
			}
		}
	}
	if blocks == 0 {
		t.Error("no page has a block")
	}
}

// Every relative link of the documentation leads to a page, and to a heading of it.
func TestDocs_links(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)\s]*))?\)`)
	notInAnchor := regexp.MustCompile("[^a-z0-9 _-]")
	texts := documents(t)
	links := 0
	for path, text := range texts {
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			target, anchor := match[1], match[2]
			if strings.Contains(target, "://") || strings.HasPrefix(anchor, "nestedatt--") || strings.HasPrefix(anchor, "nestedblock--") {
				continue
			}
			links++
			page := path
			if target != "" {
				page = strings.TrimSuffix(filepath.Join(filepath.Dir(path), target), ".md") + ".md"
			}
			linked, ok := texts[page]
			if !ok {
				if _, err := os.Stat(strings.TrimSuffix(page, ".md")); err != nil {
					t.Errorf("%s: no page %s", path, match[0])
				}
				continue
			}
			found := anchor == ""
			for line := range strings.Lines(linked) {
				if heading, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
					slug := notInAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
					found = found || strings.ReplaceAll(slug, " ", "-") == anchor
				}
			}
			if !found {
				t.Errorf("%s: no heading for %s", path, match[0])
			}
		}
	}
	if links == 0 {
		t.Error("no page has a link")
	}
}
