"""What a failed submission is told: a title for each reason, and how to mend it."""

TITLES = {
    "unreadable_file": "The file could not be read as a model or as predictions",
    "refused_content": "The model holds something that is not run here",
    "wrong_signature": "The model does not fit the contract",
    "bad_predictions": "What came out are not predictions for this competition",
    "time_limit": "The run took longer than the competition allows",
    "memory_limit": "The run needed more memory than the competition allows",
    "file_limit": "The file is larger than the competition allows",
    "crashed": "The model raised an error while it ran",
    "platform_fault": "Podium could not run this submission",
}

_SAVE = """\
model.save("model.keras")             # Keras 3
model.export("saved_model")           # or a SavedModel: pack the folder as .zip
"""
_SOFTMAX = """\
import keras

# A model trained with from_logits=True returns logits: add what turns them into
# probabilities. Weights and ranking of the classes stay as they are.
probabilities = keras.layers.Softmax()(model.output)
keras.Model(model.input, probabilities).save("model.keras")
"""
_SIGNATURE = """\
import keras

model = keras.models.load_model("model.keras")
print({tensor.name: (tensor.shape, tensor.dtype) for tensor in model.inputs})
print([(tensor.shape, tensor.dtype) for tensor in model.outputs])
"""
_BATCHES = """\
model(sample[:256])                   # one batch should take well under a second
print(f"{model.count_params():,} parameters")
"""

FIXES = {
    "unreadable_file": {
        "text": (
            "Save the model again with the library itself, and send that file as it "
            "is: not a pickle, not a checkpoint, not weights alone. Opening it again "
            "on your own machine shows whether it is whole."
        ),
        "code": _SAVE,
    },
    "refused_content": {
        "text": (
            "Lambda layers, custom classes and operations that read or write files "
            "are refused, for a submission holds no code. Build the same step from "
            "the library's own layers (Rescaling, Normalization, keras.ops in a "
            "functional model), or export a SavedModel, which holds the graph instead"
            " of code."
        ),
        "code": "",
    },
    "wrong_signature": {
        "text": (
            "Compare the names, shapes and types above with the contract. A batch "
            "comes first in every shape; axes of length one may differ, nothing else "
            "is reshaped, and numbers are cast only where nothing is lost."
        ),
        "code": _SIGNATURE,
    },
    "bad_predictions": {
        "text": (
            "Most often a last layer without softmax returns logits where the "
            "contract asks for probabilities. Otherwise look for NaN (a missing cell "
            "that reaches the model untouched) and, in a file of predictions, for "
            "missing, doubled or extra ids and for classes that the contract does not"
            " name."
        ),
        "code": _SOFTMAX,
    },
    "time_limit": {
        "text": (
            "The clock counts loading the model and predicting all hidden rows. A "
            "smaller model, fewer models in an ensemble, or preprocessing that works "
            "on whole batches instead of single rows all help."
        ),
        "code": _BATCHES,
    },
    "memory_limit": {
        "text": (
            "Memory counts from after the libraries are loaded. Large intermediate "
            "layers cost most: they grow with the batch. Fewer channels, an earlier "
            "pooling or float32 instead of float64 bring it down."
        ),
        "code": _BATCHES,
    },
    "file_limit": {
        "text": (
            "The limit holds for the file and for what it unpacks to. Saving without "
            "the optimizer makes a file much smaller: save a model that was never "
            "compiled, made of the same layers."
        ),
        "code": 'keras.Model(model.inputs, model.outputs).save("model.keras")\n',
    },
    "crashed": {
        "text": (
            "Load the saved file in a fresh Python process and predict the public "
            "sample with it, in batches of different sizes and once with a single "
            "row. What fails there is what failed here: missing cells, a word that a "
            "lookup does not know, or a fixed batch size."
        ),
        "code": (
            "import keras\n\n"
            'model = keras.models.load_model("model.keras")\n'
            "model.predict(sample[:1])\n"
        ),
    },
    "platform_fault": {
        "text": (
            "There is nothing to mend on your side: submit the same file again when "
            "you like."
        ),
        "code": "",
    },
}
