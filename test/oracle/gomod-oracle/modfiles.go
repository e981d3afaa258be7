package main

import (
	"encoding/json"
	"errors"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

func init() {
	functions["modfile"] = func(a []string) any {
		strict, strictErr := modfile.Parse("go.mod", []byte(a[0]), nil)
		lax, laxErr := modfile.ParseLax("go.mod", []byte(a[0]), nil)
		work, workErr := modfile.ParseWork("go.work", []byte(a[0]), nil)
		answer := map[string]any{
			"strict":     problem(strictErr),
			"lax":        problem(laxErr),
			"work":       problem(workErr),
			"modulePath": text(modfile.ModulePath([]byte(a[0]))),
		}
		if strictErr == nil {
			answer["strictFile"] = describe(strict)
			strict.SortBlocks()
			strict.Cleanup()
			answer["format"] = text(string(modfile.Format(strict.Syntax)))
		}
		if laxErr == nil {
			answer["laxFile"] = describe(lax)
		}
		if workErr == nil {
			printed := text(string(modfile.Format(work.Syntax)))
			work.SortBlocks()
			work.Cleanup()
			uses := [][]byte{}
			for _, use := range work.Use {
				uses = append(uses, text(use.Path))
			}
			answer["workFile"] = map[string]any{
				"print": printed, "format": text(string(modfile.Format(work.Syntax))), "use": uses,
			}
		}
		return answer
	}
	functions["edit"] = func(a []string) any {
		file, err := modfile.Parse("go.mod", []byte(a[0]), nil)
		if err != nil {
			return problem(err)
		}
		var edits []edit
		must(json.Unmarshal([]byte(a[1]), &edits))
		problems := []any{}
		for _, e := range edits {
			problems = append(problems, problem(apply(file, e)))
		}
		file.SortBlocks()
		file.Cleanup()
		return map[string]any{"problems": problems, "format": text(string(modfile.Format(file.Syntax)))}
	}
}

// describe lists what a file says and prints it as it is.
func describe(file *modfile.File) any {
	lines := [][]any{}
	add := func(values ...any) {
		for i, value := range values {
			if s, ok := value.(string); ok && i > 0 {
				values[i] = text(s)
			}
		}
		lines = append(lines, values)
	}
	if file.Module != nil {
		add("module", file.Module.Mod.Path, file.Module.Deprecated)
	}
	if file.Go != nil {
		add("go", file.Go.Version)
	}
	if file.Toolchain != nil {
		add("toolchain", file.Toolchain.Name)
	}
	for _, d := range file.Godebug {
		add("godebug", d.Key, d.Value)
	}
	for _, d := range file.Require {
		add("require", d.Mod.Path, d.Mod.Version, d.Indirect, d.Syntax.Start.Line, d.Syntax.Start.LineRune)
	}
	for _, d := range file.Exclude {
		add("exclude", d.Mod.Path, d.Mod.Version)
	}
	for _, d := range file.Replace {
		add("replace", d.Old.Path, d.Old.Version, d.New.Path, d.New.Version)
	}
	for _, d := range file.Retract {
		add("retract", d.Low, d.High, d.Rationale)
	}
	for _, d := range file.Tool {
		add("tool", d.Path)
	}
	for _, d := range file.Ignore {
		add("ignore", d.Path)
	}
	return map[string]any{"directives": lines, "print": text(string(modfile.Format(file.Syntax)))}
}

type edit struct {
	Kind, Path, Version, Name, Key, Value, Rationale string
	Old, New                                         module.Version
	Interval                                         modfile.VersionInterval
	Requirements                                     []requirement
}

type requirement struct {
	Path, Version string
	Indirect      bool
}

func apply(file *modfile.File, e edit) error {
	switch e.Kind {
	case "module":
		return file.AddModuleStmt(e.Path)
	case "go":
		return file.AddGoStmt(e.Version)
	case "dropgo":
		file.DropGoStmt()
	case "toolchain":
		return file.AddToolchainStmt(e.Name)
	case "droptoolchain":
		file.DropToolchainStmt()
	case "godebug":
		return file.AddGodebug(e.Key, e.Value)
	case "dropgodebug":
		return file.DropGodebug(e.Key)
	case "require":
		return file.AddRequire(e.Path, e.Version)
	case "droprequire":
		return file.DropRequire(e.Path)
	case "exclude":
		return file.AddExclude(e.Path, e.Version)
	case "dropexclude":
		return file.DropExclude(e.Path, e.Version)
	case "replace":
		return file.AddReplace(e.Old.Path, e.Old.Version, e.New.Path, e.New.Version)
	case "dropreplace":
		return file.DropReplace(e.Path, e.Version)
	case "retract":
		return file.AddRetract(e.Interval, e.Rationale)
	case "dropretract":
		return file.DropRetract(e.Interval)
	case "tool":
		return file.AddTool(e.Path)
	case "droptool":
		return file.DropTool(e.Path)
	case "ignore":
		return file.AddIgnore(e.Path)
	case "dropignore":
		return file.DropIgnore(e.Path)
	case "setRequire":
		list := []*modfile.Require{}
		for _, r := range e.Requirements {
			list = append(list, &modfile.Require{Mod: module.Version{Path: r.Path, Version: r.Version}, Indirect: r.Indirect})
		}
		file.SetRequire(list)
	default:
		return errors.New("unknown edit " + e.Kind)
	}
	return nil
}
