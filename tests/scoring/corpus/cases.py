"""The corpus: each file, what it tries, what stops it, and how it may end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One hostile file. `reasons` are those that its author may read."""

    name: str
    tries: str
    stopped_by: str
    reasons: tuple[str, ...]


REFUSED, UNREADABLE, CRASHED = "refused_content", "unreadable_file", "crashed"
TIME, MEMORY, FILES = "time_limit", "memory_limit", "file_limit"
WRONG, BAD = "wrong_signature", "bad_predictions"

_TABLE = """
reads_a_file.zip | reads a file of the host by an operation | static check | refused_content
reads_the_environment.zip | reads the environment by way of /proc | static check | refused_content
writes_a_file.zip | writes a file to the host | static check | refused_content
lists_files.zip | lists /etc | static check | refused_content
reads_lines.zip | reads a file as a dataset of lines | static check | refused_content
prints_to_a_file.zip | writes hidden rows to a file by tf.print | static check | refused_content
restores_another_model.zip | reads another submission's weights | static check | refused_content
calls_python.zip | py_function | static check | refused_content
calls_numpy.zip | numpy_function | static check | refused_content
dials_a_server.zip | a client of tf.data's service dials out | static check | refused_content
looks_up.zip | a table initialised from a file of the host | own root, Landlock | crashed
slow.zip | a loop of a day | clock | time_limit
waits_for_ever.zip | waits for a queue that nobody fills | clock | time_limit
hungry.zip | keeps ever larger tensors | memory watch | memory_limit
takes_100_gigabytes.zip | asks for 100 GB at once | address space | memory_limit time_limit crashed
makes_a_huge_string.zip | doubles a string forty times | memory watch | memory_limit
prints_without_end.zip | prints until stopped | clock, bounded log | time_limit
answers_3_million_a_row.zip | an output of gigabytes | signature | wrong_signature
answers_logits.zip | logits where probabilities are due | validation | bad_predictions
answers_infinity.zip | infinite numbers | validation | bad_predictions
nan.zip | NaN | validation | bad_predictions
one_row.zip | one row for all | row count | bad_predictions
answers_twice_the_rows.zip | twice the rows | row count | bad_predictions
answers_text.zip | text for numbers | signature | wrong_signature
tells_rows_in_an_error.zip | hidden rows in an error's text | fixed sentences | crashed
talks.zip | hidden rows in what it prints | printed text is the host's | scored
divides_whole_numbers_by_zero.zip | whole numbers divided by zero | the runtime | crashed
aborts.zip | ends its process by SIGABRT | a process of its own | crashed
leaves_in_silence.zip | ends its process as if all were done | a process of its own | crashed
breaks_an_operation.zip | sizes at which a check inside TensorFlow ends the process | a process of its own | crashed
names_an_asset_outside.zip | an asset named ../../../etc/passwd | static check | refused_content
tar_climbs_out.tar.gz | a member named ../climbed | archive check | refused_content
tar_links.tar.gz | a link to /etc | archive check | refused_content
tar_device.tar.gz | a device node | archive check | refused_content
tar_bomb.tar.gz | 600 MB in 3 MB | counted while unpacking | file_limit
zip_bomb.zip | 1 GB in 1 MB | archive check | refused_content
zip_inside_a_zip.zip | an archive in an archive | told by its members | unreadable_file
lambda_runs.keras | a Lambda layer that starts a shell | static check | refused_content
lambda_layer.keras | code in a Lambda layer | static check | refused_content
lambda_as_activation.keras | code as an activation | static check | refused_content
os_system_as_activation.keras | os.system as an activation | static check | refused_content
class_of_subprocess.keras | subprocess.Popen as a layer | static check | refused_content
class_of_its_own.keras | a class that only its author has | static check | refused_content
layer_that_loads_a_graph.keras | a layer that loads a SavedModel | static check | refused_content
layer_that_unpickles.keras | a PyTorch layer, which unpickles | static check | refused_content
vocabulary_in_a_file.keras | a vocabulary read from the host | static check | refused_content
million_millions_of_units.keras | 10^12 units | address space, clock | memory_limit time_limit unreadable_file
twenty_thousand_layers.keras | a model without end | clock | time_limit unreadable_file
configuration_without_end.keras | a configuration nested 400 deep | static check | refused_content
zip_climbs_out.keras | a member named ../climbed | archive check | refused_content
zip_absolute.keras | a member named /tmp/podium-climbed | archive check | refused_content
zip_links.keras | a link to /etc/passwd | archive check | refused_content
config_twice.keras | two configurations in one file | archive check | refused_content
config_bomb.keras | 200 MB of configuration in 200 kB | archive check | refused_content
no_weights.keras | no weights | told by its members | unreadable_file
thousands_of_members.keras | 3,000 members | archive check | refused_content
half_the_weights.keras | weights cut in half | the loader | unreadable_file
cut.keras | a file cut off | told by its end | unreadable_file
hdf5_external_link.h5 | a link to another file | static check | refused_content
hdf5_external_storage.h5 | numbers stored in another file | static check | refused_content
hdf5_virtual_dataset.h5 | numbers mapped from another file | static check | refused_content
hdf5_declared_terabytes.h5 | 4 TB declared, nothing stored | static check | file_limit
hdf5_lambda.h5 | code in a Lambda layer of Keras 2 | static check | refused_content
hdf5_class_of_its_own.h5 | a class that only its author has | the loaders | refused_content
hdf5_config_is_no_json.h5 | a configuration that is none | static check | unreadable_file
function_of_its_own.keras | a function that only its author has | Keras | refused_content
zip_of_another_kind.keras | members packed by a method that is not read | archive check | unreadable_file
zip_spoiled.keras | a configuration that does not unpack | archive check | unreadable_file
tar_sparse.tar.gz | a member of 10^18 bytes, all of them holes | counted while unpacking | file_limit
fills_memory.onnx | an answer by way of 50 billion zeros | address space | memory_limit
asks_for_threads.zip | 5,000 threads | limit of threads | crashed
tflite_flipped.tflite | flipped bits all over | the loader | unreadable_file crashed
tflite_header_only.tflite | nothing behind the magic bytes | the loader | unreadable_file crashed
onnx_loops.onnx | a loop without end | clock | time_limit
onnx_expands.onnx | an answer of 40 TB | signature | wrong_signature
onnx_weights_elsewhere.onnx | weights in ../../../etc/passwd | the loader | unreadable_file
onnx_foreign_operator.onnx | an operator of its own | the loader | unreadable_file
csv_infinity.csv | infinite numbers | validation | bad_predictions
csv_huge_cell.csv | one cell of 20 MB | the reader | unreadable_file bad_predictions
csv_bomb.csv.gz | 160 MB in 1 MB, twenty million rows | memory watch | memory_limit bad_predictions
csv_million_columns.csv | a million columns, all named alike | the reader | unreadable_file
csv_cut.csv.gz | a gzip file cut off | the reader | unreadable_file
npz_complex.npz | complex numbers | validation | bad_predictions
npz_declares_terabytes.npz | 24 TB declared, nothing stored | address space | memory_limit
npz_header_of_code.npz | code where an array's shape is due | the reader | unreadable_file
npz_no_array.npz | a member that is no array | the reader | unreadable_file
npz_pickle.npz | a pickle in an NPZ | no pickles are read | unreadable_file
npz_bomb.npz | 1.2 GB in 1 MB | memory watch | memory_limit
parquet_damaged.parquet | no table inside | the reader | unreadable_file
pickle.pkl | a pickle | told by its first bytes | unreadable_file
text_file.keras | no model at all | told by its first bytes | unreadable_file
"""  # noqa: E501

CASES = [
    Case(name, tries, stopped_by, tuple(reasons.split()))
    for name, tries, stopped_by, reasons in (
        (part.strip() for part in line.split("|"))
        for line in _TABLE.strip().splitlines()
    )
]
