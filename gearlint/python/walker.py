"""Walks over the syntax tree of a module, and notes what binds names and what is of interest."""

import ast
from collections.abc import Callable, Iterable
from itertools import count

from gearlint.python.nodes import called_name, is_main_test
from gearlint.python.scopes import (
    AttributeSite,
    Binding,
    Block,
    CallSite,
    ModuleScope,
    OperationSite,
    Place,
    Scope,
    Site,
    StoreSite,
)

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def module_scope(tree: ast.Module, *, is_main: bool) -> ModuleScope:
    """The names of a module, and its places of interest; `is_main` is whether it is started."""
    module = ModuleScope(tree, is_main=is_main)
    _Walker(module).statements(tree.body, module, module.block)
    return module


class _Walker:
    """Walks once over a module."""

    def __init__(self, module: ModuleScope) -> None:
        self.module = module
        self.orders = count()
        self.handlers: dict[type, Callable[[Any, Place], None]] = {
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Lambda: self._lambda,
            ast.Assign: self._assign,
            ast.AnnAssign: self._assign_one,
            ast.AugAssign: self._augmented,
            ast.NamedExpr: self._assign_one,
            ast.Import: self._import,
            ast.ImportFrom: self._import,
            ast.Global: self._global,
            ast.Nonlocal: self._nonlocal,
            ast.If: self._if,
            ast.IfExp: self._if_expression,
            ast.BoolOp: self._and_or,
            ast.Assert: self._assert,
            ast.While: self._while,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Return: self._return,
            ast.Yield: self._yield,
            ast.YieldFrom: self._yield,
            ast.Delete: self._delete,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.BinOp: self._binary,
            ast.Compare: self._compare,
            ast.Dict: self._dict,
            ast.ListComp: self._comprehended,
            ast.SetComp: self._comprehended,
            ast.GeneratorExp: self._comprehended,
            ast.DictComp: self._comprehended,
            ast.Match: self._match,
            ast.match_case: self._case,
            ast.Constant: self._nothing,
        }

    def place(self, scope: Scope, block: Block) -> Place:
        return Place(scope, block, next(self.orders))

    def again(self, place: Place, block: Block | None = None) -> Place:
        """The next place in the same scope."""
        return self.place(place.scope, block or place.block)

    def statements(self, body: Iterable[ast.AST], scope: Scope, block: Block) -> None:
        for node in body:
            self.visit(node, self.place(scope, block))

    def visit(self, node: ast.AST, place: Place) -> None:
        handler = self.handlers.get(type(node))
        if handler is not None:
            handler(node, place)
        else:
            self.children(node, place)

    def children(self, node: ast.AST, place: Place) -> None:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.AST):
                        self.visit(item, place)
            elif isinstance(value, ast.AST):
                self.visit(value, place)

    def bind(self, name: str, binding: Binding) -> None:
        scope = binding.place.scope
        if name in scope.declared:
            scope = scope.declared[name]
            elsewhere = Place(scope, Block(scope.block), binding.place.order)
            binding = binding._replace(place=elsewhere, seen_from=binding.place)
        scope.bindings.setdefault(name, []).append(binding)

    # Definitions

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, place: Place) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator, place)
        scope = self._parameters(node, place)
        self.bind(node.name, Binding("definition", self.again(place), node, scope=scope))
        self.statements(node.body, scope, scope.block)

    def _parameters(self, node: Function, place: Place) -> Scope:
        """The scope of a function, with its parameters bound in it."""
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default, place)
        scope = Scope(self.module, place.scope, node, place.block)
        inside = self.place(scope, scope.block)
        for index, argument in enumerate(scope.parameters):
            scope.bindings[argument.arg] = [Binding("parameter", inside, argument, index)]
        for argument in node.args.kwonlyargs:
            scope.bindings[argument.arg] = [Binding("parameter", inside, argument, -1)]
        for extra in (node.args.vararg, node.args.kwarg):
            if extra is not None:
                scope.bindings[extra.arg] = [Binding("other", inside, extra)]
        return scope

    def _lambda(self, node: ast.Lambda, place: Place) -> None:
        scope = self._parameters(node, place)
        self.visit(node.body, self.place(scope, scope.block))

    def _class(self, node: ast.ClassDef, place: Place) -> None:
        for above in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(above, place)
        scope = Scope(self.module, place.scope, node, place.block)
        self.bind(node.name, Binding("definition", self.again(place), node, scope=scope))
        self.statements(node.body, scope, scope.block)

    # Bindings

    def target(self, target: ast.AST, binding: Binding) -> None:
        """What a value is assigned to."""
        if isinstance(target, ast.Name):
            self.bind(target.id, binding)
        elif isinstance(target, ast.Tuple | ast.List):
            kind = "part" if binding.kind == "value" else "other"
            for index, element in enumerate(target.elts):
                if isinstance(element, ast.Starred):
                    kind = "other"  # what comes after it has no number from the start
                self.target(element, binding._replace(kind=kind, number=index))
        elif isinstance(target, ast.Attribute):
            self._attribute_set(target, binding)
        elif isinstance(target, ast.Subscript):
            self._store(target, binding)
            self.visit(target.value, binding.place)
            self.visit(target.slice, binding.place)
        elif isinstance(target, ast.Starred):
            self.target(target.value, binding._replace(kind="other"))

    def _store(self, target: ast.AST, binding: Binding) -> None:
        value = binding.node if binding.kind == "value" else None
        self.module.stores.append(StoreSite(target, binding.place, value))

    def _attribute_set(self, target: ast.Attribute, binding: Binding) -> None:
        scope = binding.place.scope
        self._store(target, binding)
        self.visit(target.value, binding.place)
        owner = scope.parent
        if (
            isinstance(target.value, ast.Name)
            and owner is not None
            and owner.is_class
            and target.value.id == scope.first_parameter
        ):
            node = binding.node if binding.kind == "value" else target
            owner.attributes.setdefault(target.attr, []).append(Site(node, binding.place))

    def _assign(self, node: ast.Assign, place: Place) -> None:
        self.visit(node.value, place)
        after = self.again(place)
        for target in node.targets:
            self.target(target, Binding("value", after, node.value))

    def _assign_one(self, node: ast.AnnAssign | ast.NamedExpr, place: Place) -> None:
        if node.value is not None:
            self.visit(node.value, place)
            self.target(node.target, Binding("value", self.again(place), node.value))

    def _augmented(self, node: ast.AugAssign, place: Place) -> None:
        self.visit(node.value, place)
        if isinstance(node.target, ast.Subscript):
            read = ast.Subscript(node.target.value, node.target.slice, ast.Load())
            self.module.reads.append(Site(ast.copy_location(read, node.target), place))
        elif isinstance(node.target, ast.Name):
            self.module.names_changed.append(Site(node.target, place))
        self.target(node.target, Binding("other", self.again(place), node))

    def _import(self, node: ast.Import | ast.ImportFrom, place: Place) -> None:
        self.module.imports.append(Site(node, place))
        for index, alias in enumerate(node.names):
            name = alias.asname or alias.name.partition(".")[0]
            if alias.asname:
                self.module.mentioned.add(alias.name)
                self.module.renamed.append((alias.name, alias.asname))
            self.bind(name, Binding("import", place, node, index))

    def _global(self, node: ast.Global, place: Place) -> None:
        if place.scope is not self.module:
            place.scope.declared.update(dict.fromkeys(node.names, self.module))

    def _nonlocal(self, node: ast.Nonlocal, place: Place) -> None:
        for name in node.names:
            around = (scope for scope in place.scope.outer.outward() if not scope.is_class)
            owner = next((scope for scope in around if name in scope.bindings), None)
            if owner is not None:
                place.scope.declared[name] = owner

    def _delete(self, node: ast.Delete, place: Place) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                self.module.stores.append(StoreSite(target, place))
                self.visit(target.value, place)

    # Blocks

    def _if(self, node: ast.If, place: Place) -> None:
        scope, block = place.scope, place.block
        self.visit(node.test, place)
        scope.tests.append(node.test)
        is_main = is_main_test(node.test)
        if not is_main:
            self.statements(node.body, scope, Block(block, node.test))
        elif self.module.is_main:
            self.statements(node.body, scope, block)
        self.statements(node.orelse, scope, Block(block, node.test))

    def _if_expression(self, node: ast.IfExp, place: Place) -> None:
        place.scope.tests.append(node.test)
        self.visit(node.test, place)
        inside = place._replace(block=Block(place.block, node.test))
        self.visit(node.body, inside)
        self.visit(node.orelse, inside)

    def _and_or(self, node: ast.BoolOp, place: Place) -> None:
        first, *others = node.values
        place.scope.tests.append(first)
        self.visit(first, place)
        inside = place._replace(block=Block(place.block, first))
        for value in others:
            self.visit(value, inside)

    def _assert(self, node: ast.Assert, place: Place) -> None:
        place.scope.tests.append(node.test)
        self.children(node, place)

    def _while(self, node: ast.While, place: Place) -> None:
        place.scope.tests.append(node.test)
        loop = Block(place.block, node.test, is_loop=True)
        self.visit(node.test, self.again(place, loop))
        self.statements(node.body, place.scope, loop)
        self.statements(node.orelse, place.scope, Block(place.block, node.test))

    def _for(self, node: ast.For | ast.AsyncFor, place: Place) -> None:
        self.module.wholes.append(Site(node.iter, place))
        self.visit(node.iter, place)
        loop = Block(place.block, is_loop=True)
        self.target(node.target, Binding("item", self.again(place, loop), node.iter))
        self.statements(node.body, place.scope, loop)
        self.statements(node.orelse, place.scope, Block(place.block))

    def _comprehended(self, node: ast.AST, place: Place) -> None:
        inside = self.again(place, Block(place.block))
        for generator in getattr(node, "generators", ()):
            self._comprehension(generator, inside)
        inside = self.again(inside)
        for name in ("elt", "key", "value"):
            part = getattr(node, name, None)
            if part is not None:
                self.visit(part, inside)

    def _comprehension(self, node: ast.comprehension, place: Place) -> None:
        self.module.wholes.append(Site(node.iter, place))
        self.visit(node.iter, place)
        self.target(node.target, Binding("item", place, node.iter))
        for test in node.ifs:
            place.scope.tests.append(test)
            self.visit(test, self.again(place))

    def _try(self, node: ast.Try | ast.TryStar, place: Place) -> None:
        scope = place.scope
        inside = Block(place.block, node) if node.handlers else place.block
        self.statements(node.body, scope, inside)
        for handler in node.handlers:
            block = Block(place.block, handler)
            if handler.type is not None:
                self.visit(handler.type, self.place(scope, block))
            if handler.name:
                self.bind(handler.name, Binding("other", self.place(scope, block), handler))
            self.statements(handler.body, scope, block)
        self.statements(node.orelse, scope, Block(place.block))
        self.statements(node.finalbody, scope, place.block)

    def _with(self, node: ast.With | ast.AsyncWith, place: Place) -> None:
        for item in node.items:
            self.visit(item.context_expr, self.again(place))
            if item.optional_vars is not None:
                binding = Binding("with", self.again(place), item.context_expr)
                self.target(item.optional_vars, binding)
        calls = (item.context_expr for item in node.items)
        guard = next((call for call in calls if called_name(call) == "suppress"), None)
        block = Block(place.block, guard) if guard is not None else place.block
        self.statements(node.body, place.scope, block)

    def _match(self, node: ast.Match, place: Place) -> None:
        self.module.comparisons.append(Site(node, place))
        self.children(node, place)

    def _case(self, node: ast.match_case, place: Place) -> None:
        block = Block(place.block, node.pattern)
        for name in ast.walk(node.pattern):
            bound = getattr(name, "name", getattr(name, "rest", None))
            if isinstance(bound, str):
                self.bind(bound, Binding("other", self.again(place, block), name))
        self.children(node.pattern, self.again(place))
        if node.guard is not None:
            place.scope.tests.append(node.guard)
            self.visit(node.guard, self.again(place, block))
        self.statements(node.body, place.scope, block)

    def _return(self, node: ast.Return, place: Place) -> None:
        place.scope.leaves.append(place)
        if node.value is not None:
            place.scope.returns.append(Site(node.value, place))
            self.visit(node.value, place)

    def _yield(self, node: ast.AST, place: Place) -> None:
        place.scope.is_generator = True
        self.children(node, place)

    # Places of interest

    def _nothing(self, node: ast.AST, place: Place) -> None:
        pass

    def _name(self, node: ast.Name, place: Place) -> None:
        self.module.mentioned.add(node.id)
        self.module.names_read.append(Site(node, place))

    def _attribute(self, node: ast.Attribute, place: Place) -> None:
        self.module.mentioned.add(node.attr)
        self.module.attributes_read.append(AttributeSite(node, place))
        self.visit(node.value, place)

    def _subscript(self, node: ast.Subscript, place: Place) -> None:
        self.module.reads.append(Site(node, place))
        self.visit(node.value, place)
        self.visit(node.slice, place)

    def _call(self, node: ast.Call, place: Place) -> None:
        self.module.calls.append(CallSite(node, place))
        self.children(node, place)

    def _binary(self, node: ast.BinOp, place: Place) -> None:
        self.module.operations.append(OperationSite(node, place))
        self.children(node, place)

    def _compare(self, node: ast.Compare, place: Place) -> None:
        self.module.comparisons.append(Site(node, place))
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            self.module.wholes.append(Site(node, place))
        self.children(node, place)

    def _dict(self, node: ast.Dict, place: Place) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                self.module.wholes.append(Site(value, place))
            else:
                self.visit(key, place)
            self.visit(value, place)
