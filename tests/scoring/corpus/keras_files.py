"""Hostile .keras and .h5 files, made by editing an honest one."""

import json
import shutil
import warnings
import zipfile

import h5py
import numpy as np


def build(folder, honest, honest_h5, secret):
    with zipfile.ZipFile(honest) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, change in CONFIGS.items():
        config = json.loads(parts["config.json"])
        change(config, secret)
        stored = zipfile.ZIP_STORED  # or the long ones would be taken for bombs
        changed = {**parts, "config.json": json.dumps(config)}
        write(folder / f"{name}.keras", changed, stored)
    build_archives(folder, parts)
    build_hdf5(folder, honest_h5, secret)


def write(path, parts, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def layers(config):
    return config["config"]["layers"]


def added(module, class_name, **inner):
    """Put one more layer at the end."""

    def change(config, secret):
        filled = {
            key: str(secret) if value == "SECRET" else value
            for key, value in inner.items()
        }
        layers(config).append(
            {
                "module": module,
                "class_name": class_name,
                "config": {"name": "added", **filled},
                "registered_name": None,
            }
        )

    return change


def lambda_activation(config, secret):
    code = {"class_name": "__lambda__", "config": {"value": ["4wE=", None, None]}}
    layers(config)[1]["config"]["activation"] = code


def function_activation(config, secret):
    layers(config)[1]["config"]["activation"] = {
        "module": "os",
        "class_name": "function",
        "config": "system",
        "registered_name": "function",
    }


def own_function(config, secret):
    layers(config)[1]["config"]["activation"] = {
        "module": "builtins",
        "class_name": "function",
        "config": "eval",
        "registered_name": "function",
    }


def many_units(config, secret):
    layers(config)[1]["config"]["units"] = 10**12


def many_layers(config, secret):
    again = layers(config)[1]
    for number in range(20_000):
        inner = {**again["config"], "name": f"dense_{number}"}
        layers(config).append({**again, "config": inner})


def nested(config, secret):
    inner = {}
    for _ in range(400):
        inner = {"config": inner}
    config["extra"] = inner


CONFIGS = {
    "lambda_layer": added("keras.layers", "Lambda", function="x"),
    "lambda_as_activation": lambda_activation,
    "os_system_as_activation": function_activation,
    "function_of_its_own": own_function,
    "class_of_subprocess": added(
        "subprocess", "Popen", args=["touch", "/tmp/podium-popen"]
    ),
    "class_of_its_own": added("my_layers", "Attention2"),
    "layer_that_loads_a_graph": added(
        "keras.layers", "TFSMLayer", filepath="SECRET", call_endpoint="serve"
    ),
    "layer_that_unpickles": added("keras.layers", "TorchModuleWrapper", torch="x"),
    "vocabulary_in_a_file": added(
        "keras.layers", "StringLookup", vocabulary="SECRET", invert=False
    ),
    "million_millions_of_units": many_units,
    "twenty_thousand_layers": many_layers,
    "configuration_without_end": nested,
}


def build_archives(folder, parts):
    weights = next(name for name in parts if "weights" in name)
    write(folder / "zip_climbs_out.keras", {**parts, "../climbed": b"here"})
    write(folder / "zip_absolute.keras", {**parts, "/tmp/podium-climbed": b"here"})
    write(folder / "zip_inside_a_zip.zip", {"inner.zip": b"PK\x03\x04" + bytes(100)})
    write(folder / "config_bomb.keras", {**parts, "config.json": b" " * 200_000_000})
    write(folder / "no_weights.keras", {"config.json": parts["config.json"]})
    many = {f"member{number}": b"" for number in range(3_000)}
    write(folder / "thousands_of_members.keras", {**parts, **many})
    spoil_members(folder, parts)
    half = parts[weights][: len(parts[weights]) // 2]
    write(folder / "half_the_weights.keras", {**parts, weights: half})
    with zipfile.ZipFile(folder / "zip_links.keras", "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        link = zipfile.ZipInfo("assets")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(folder / "config_twice.keras", "w") as archive,
    ):
        warnings.simplefilter("ignore")
        for name, data in [*parts.items(), ("config.json", b"{}")]:
            archive.writestr(name, data)


def spoil_members(folder, parts):
    """Members packed by Deflate64, and a configuration that is no deflated text."""
    path = folder / "zip_spoiled.keras"
    write(path, parts)
    spoiled = bytearray(path.read_bytes())
    other = bytes(spoiled)
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        pieces = other.split(mark)
        packed = [each[: place - 4] + b"\x09\0" + each[place - 2 :] for each in pieces]
        other = mark.join([pieces[0], *packed[1:]])
    (folder / "zip_of_another_kind.keras").write_bytes(other)
    start = spoiled.index(b"config.json") + 40
    spoiled[start : start + 40] = bytes(40)
    path.write_bytes(spoiled)


def build_hdf5(folder, honest, secret):
    for name, spoil in HDF5.items():
        path = folder / f"{name}.h5"
        shutil.copy(honest, path)
        with h5py.File(path, "r+") as content:
            spoil(content, str(secret))


def external_link(content, secret):
    content["model_weights/elsewhere"] = h5py.ExternalLink(secret, "/")


def external_storage(content, secret):
    content.create_dataset(
        "model_weights/outside", (10,), "u1", external=[(secret, 0, 10)]
    )


def virtual_dataset(content, secret):
    layout = h5py.VirtualLayout((10,), "u1")
    layout[:] = h5py.VirtualSource(secret, "d", (10,))
    content.create_virtual_dataset("model_weights/virtual", layout)


def declared_terabytes(content, secret):
    content.create_dataset("model_weights/huge", (10**12,), "f4", chunks=(1024,))


def lambda_in_config(content, secret):
    config = json.loads(content.attrs["model_config"])
    layers(config).append({"class_name": "Lambda", "config": {"function": ["4w=="]}})
    content.attrs["model_config"] = json.dumps(config)


def custom_class(content, secret):
    config = json.loads(content.attrs["model_config"])
    layers(config)[1]["class_name"] = "MyOwnDense"
    content.attrs["model_config"] = json.dumps(config)


def no_json(content, secret):
    content.attrs["model_config"] = np.bytes_(b"{" * 1000)


HDF5 = {
    "hdf5_external_link": external_link,
    "hdf5_external_storage": external_storage,
    "hdf5_virtual_dataset": virtual_dataset,
    "hdf5_declared_terabytes": declared_terabytes,
    "hdf5_lambda": lambda_in_config,
    "hdf5_class_of_its_own": custom_class,
    "hdf5_config_is_no_json": no_json,
}
