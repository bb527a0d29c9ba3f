"""What a model file says it would do, for a clear refusal before it is tried.

No wall rests on this: a graph can hide what it does, and the kernel's layers hold it
then. It only turns an honest mistake, or a plain attack, into a sentence.
"""

from __future__ import annotations

from scoring.errors import RefusedContent

CODE_CLASSES = {
    "Lambda": "a Lambda layer",
    "__lambda__": "a lambda function",
    "TFSMLayer": "a layer that loads a SavedModel",
    "TorchModuleWrapper": "a PyTorch layer",
    "JaxLayer": "a JAX layer",
    "FlaxLayer": "a Flax layer",
}
_FORBIDDEN_OPS = """
    ReadFile WriteFile MatchingFiles WholeFileReader WholeFileReaderV2
    TextLineReader TextLineReaderV2 TFRecordReader TFRecordReaderV2
    FixedLengthRecordReader FixedLengthRecordReaderV2 LMDBReader TextLineDataset
    TFRecordDataset TFRecordDatasetV2 FixedLengthRecordDataset
    FixedLengthRecordDatasetV2 MatchingFilesDataset CSVDataset CSVDatasetV2
    SqlDataset LMDBDataset SaveDataset SaveDatasetV2 LoadDataset SnapshotDataset
    SnapshotDatasetV2 Save SaveSlices SaveV2 Restore RestoreSlice RestoreV2
    MergeV2Checkpoints DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3
    DataServiceDatasetV4 RegisterDataset RegisterDatasetV2 CreateSummaryFileWriter
    CreateSummaryDbWriter DebugIdentity DebugIdentityV2 DebugIdentityV3 PyFunc
    PyFuncStateless EagerPyFunc FileSystemSetConfiguration RpcClient RpcServer
    RpcCall
"""
FORBIDDEN_OPS = frozenset(_FORBIDDEN_OPS.split())
MAX_DEPTH = 200
KERAS = ("keras", "tf_keras")
CUSTOM = "The model needs a custom class or function; only Keras's own can be run."


def check_keras_config(config) -> None:
    """Refuse a Keras configuration that needs code, or reads files of its own.

    How the model was compiled is left out: Keras drops it unread, so that a loss or a
    metric of the author's own does no harm.
    """
    if isinstance(config, dict):
        config = {**config, "compile_config": None}
    waiting = [(config, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise RefusedContent("The model's configuration is nested too deep.")
        if isinstance(part, dict):
            _check_object(part)
            waiting += [(value, depth + 1) for value in part.values()]
        elif isinstance(part, list):
            waiting += [(value, depth + 1) for value in part]


def check_graph(saved_model) -> None:
    """Refuse a SavedModel whose signatures or functions touch files or networks."""
    for graph in saved_model.meta_graphs:
        for asset in graph.asset_file_def:
            if asset.filename.startswith("/") or ".." in asset.filename.split("/"):
                raise RefusedContent("The model names an asset outside its own folder.")
        for node in _live_nodes(graph):
            if _is_forbidden(node):
                told = f"The model uses the operation {node.op}"
                raise RefusedContent(f"{told}, which reaches outside the model.")


def _check_object(part: dict) -> None:
    name, module = part.get("class_name"), part.get("module")
    if name in CODE_CLASSES:
        raise RefusedContent(f"The model uses {CODE_CLASSES[name]}, which is code.")
    if name is None or not isinstance(name, str):
        return
    is_known = name == "function" and module == "builtins"
    if is_known and isinstance(part.get("config"), str):
        return  # one of Keras's own by its name; Keras looks for it nowhere else
    if name == "function" or (
        isinstance(module, str) and module.split(".")[0] not in KERAS
    ):
        raise RefusedContent(
            CUSTOM,
            f"{module}: {name} ({part.get('registered_name')})",
        )
    inner = part.get("config")
    if isinstance(inner, dict) and isinstance(inner.get("vocabulary"), str):
        raise RefusedContent(
            "The model reads a vocabulary from a file; save it with the vocabulary "
            "inside."
        )


def _is_forbidden(node) -> bool:
    if node.op in FORBIDDEN_OPS:
        return True
    return node.op == "PrintV2" and node.attr["output_stream"].s.startswith(b"file:")


def _live_nodes(graph):
    """The nodes that can run: what signatures reach, and every library function.

    Every export holds functions that save and restore checkpoints; those that only the
    saver reaches are left out, for nothing here calls them.
    """
    nodes = {node.name: node for node in graph.graph_def.node}
    library = {each.signature.name: each for each in graph.graph_def.library.function}
    starts = [
        tensor.name
        for signature in graph.signature_def.values()
        for tensor in signature.outputs.values()
    ]
    served = _reached(starts, nodes)
    saver = graph.saver_def
    saving = _reached([saver.save_tensor_name, saver.restore_op_name], nodes)
    used = _called(served, library)
    only_saver = _called(saving, library) - used
    yield from served
    for name, function in library.items():
        if name not in only_saver:
            yield from function.node_def


def _reached(starts, nodes) -> list:
    """The nodes that some tensors are computed from."""
    found: dict[str, object] = {}
    waiting = [_node_name(start) for start in starts]
    while waiting:
        name = waiting.pop()
        if name in nodes and name not in found:
            found[name] = nodes[name]
            waiting += [_node_name(each) for each in nodes[name].input]
    return list(found.values())


def _called(nodes, library) -> set[str]:
    """The library functions that some nodes call, at any depth."""
    found: set[str] = set()
    waiting = list(nodes)
    while waiting:
        for attribute in waiting.pop().attr.values():
            for name in [attribute.func.name, *(f.name for f in attribute.list.func)]:
                if name in library and name not in found:
                    found.add(name)
                    waiting += library[name].node_def
    return found


def _node_name(tensor: str) -> str:
    return tensor.lstrip("^").split(":")[0]
