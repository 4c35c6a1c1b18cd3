package provider_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every error and every warning of the code is in the guide on troubleshooting, and produced by a test. The guide has no
// others.
func TestDocs_messages(t *testing.T) {
	t.Parallel()
	guide := read(t, filepath.Join(examples(t), "..", "docs", "guides", "troubleshooting.md"))
	documented := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| \*\*(.+?)\*\* \|`).FindAllStringSubmatch(guide, -1) {
		documented[row[1]] = true
	}
	code, tests := parseCode(t)
	for summary, at := range code.summaries(t) {
		if !documented[summary] {
			t.Errorf("%s: the guide has no %q", at, summary)
		}
		if !strings.Contains(tests, summary) {
			t.Errorf("%s: no test expects %q", at, summary)
		}
		delete(documented, summary)
	}
	for _, summary := range slices.Sorted(maps.Keys(documented)) {
		t.Errorf("the code has no %q, which the guide describes", summary)
	}
}

// code is the parsed code of the provider.
type code struct {
	fset *token.FileSet
	// places maps a function, by its name and its number of parameters, to the position of the parameter named summary.
	places    map[string]int
	constants map[string]ast.Expr // by package and name
	files     map[string][]*ast.File
}

// literals writes the string literals of a test, and not its comments, which expect nothing.
func literals(path string, text *strings.Builder) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text.WriteString(literal.Value + "\n")
		}
		return true
	})
	return nil
}

// parseCode parses the code below internal, except commands. It also returns the string literals of all tests.
func parseCode(t *testing.T) (parsed code, tests string) {
	t.Helper()
	parsed = code{fset: token.NewFileSet(), constants: map[string]ast.Expr{}, files: map[string][]*ast.File{}}
	parsed.places = map[string]int{ // of the framework
		"AddError/2": 0, "AddWarning/2": 0, "AddAttributeError/3": 1, "AddAttributeWarning/3": 1,
		"NewErrorDiagnostic/2": 0, "NewWarningDiagnostic/2": 0,
		"NewAttributeErrorDiagnostic/3": 1, "NewAttributeWarningDiagnostic/3": 1,
	}
	var text strings.Builder
	err := filepath.WalkDir(filepath.Join(examples(t), "..", "internal"), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "cmd":
			return fs.SkipDir
		case strings.HasSuffix(path, "_test.go"):
			return literals(path, &text)
		case filepath.Ext(path) == ".go":
			file, err := parser.ParseFile(parsed.fset, path, nil, 0)
			if err != nil {
				return err
			}
			name := file.Name.Name
			parsed.files[name] = append(parsed.files[name], file)
			ast.Inspect(file, func(node ast.Node) bool { parsed.declare(name, node); return true })
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return parsed, text.String()
}

// declare notes constants, and functions with a parameter named summary.
func (c *code) declare(pkg string, node ast.Node) {
	switch n := node.(type) {
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) {
				c.constants[pkg+"."+name.Name] = n.Values[i]
			}
		}
	case *ast.FuncDecl:
		c.declareFunc(n.Name.Name, n.Type)
	case *ast.AssignStmt:
		name, isName := n.Lhs[0].(*ast.Ident)
		if literal, ok := n.Rhs[0].(*ast.FuncLit); ok && isName {
			c.declareFunc(name.Name, literal.Type)
		}
	}
}

func (c *code) declareFunc(name string, of *ast.FuncType) {
	place := -1
	n := 0
	for _, field := range of.Params.List {
		for _, parameter := range field.Names {
			if parameter.Name == "summary" {
				place = n
			}
			n++
		}
	}
	if place >= 0 {
		c.places[fmt.Sprintf("%s/%d", name, n)] = place
	}
}

// summaries returns the summaries of all diagnostics, each with a place in the code. A summary is what the code passes
// for a parameter named summary, and must be a constant, so that a user finds it in the guide.
func (c *code) summaries(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for pkg, files := range c.files {
		for _, file := range files {
			ast.Inspect(file, func(node ast.Node) bool {
				call, ok := node.(*ast.CallExpr)
				if !ok {
					return true
				}
				place, ok := c.places[fmt.Sprintf("%s/%d", nameOf(call.Fun), len(call.Args))]
				if !ok || strings.EqualFold(nameOf(call.Args[place]), "summary") {
					return true
				}
				at := c.fset.Position(call.Pos()).String()
				if summary := c.constant(pkg, call.Args[place]); summary != "" {
					all[summary] = at
				} else {
					t.Errorf("%s: the summary is no constant", at)
				}
				return true
			})
		}
	}
	return all
}

// constant returns the value of a constant, or "".
func (c *code) constant(pkg string, of ast.Expr) string {
	switch e := of.(type) {
	case *ast.BasicLit:
		value, _ := strconv.Unquote(e.Value)
		return value
	case *ast.Ident:
		return c.constant(pkg, c.constants[pkg+"."+e.Name])
	case *ast.SelectorExpr:
		return c.constant(nameOf(e.X), e.Sel)
	}
	return ""
}

func nameOf(of ast.Expr) string {
	switch e := of.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.CallExpr:
		return nameOf(e.Fun)
	}
	return ""
}
