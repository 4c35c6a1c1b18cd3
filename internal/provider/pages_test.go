package provider_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// README shows a part of examples/quickstart, which a test applies, and stays short.
func TestReadme_quickstart(t *testing.T) {
	t.Parallel()
	root := filepath.Join(examples(t), "..")
	readme := read(t, filepath.Join(root, "README.md"))
	if lines := strings.Count(readme, "\n"); lines > 110 {
		t.Errorf("README.md has %d lines, want 110 at most", lines)
	}
	blocks := regexp.MustCompile("(?s)```hcl\n(.*?)```").FindAllStringSubmatch(readme, -1)
	if len(blocks) != 1 {
		t.Fatalf("README.md has %d HCL blocks, want 1", len(blocks))
	}
	example := read(t, filepath.Join(root, "examples", "quickstart", "main.tf"))
	if !strings.Contains(example, blocks[0][1]) {
		t.Error("the HCL of README.md is no part of examples/quickstart/main.tf")
	}
}

// What the pages of the repository link to exists. The registry has the pages of docs/ without this repository.
func TestPages_links(t *testing.T) {
	t.Parallel()
	root := filepath.Join(examples(t), "..")
	link := regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)
	checked := 0
	for _, page := range pages(t, root) {
		for _, match := range link.FindAllStringSubmatch(read(t, page), -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			checked++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), match[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, match[1], err)
			}
		}
	}
	if checked < 15 {
		t.Errorf("%d links were checked, want 15 or more", checked)
	}
}

// pages are the Markdown files of the repository, but for docs/.
func pages(t *testing.T, root string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", ".cache", "dist", "docs"}, entry.Name()) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
