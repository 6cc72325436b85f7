"""Runs ONNX files in onnxruntime and OpenVINO: for each NAME.onnx of a folder the inputs in NAME.safetensors.

    python run_files.py FOLDER

Before that the file is read by protobuf, which must write the same bytes again, by `protoc --decode`, which must know every field and
write the same bytes again from the text that it makes of them, and checked by onnx (operators, attributes, strict inference of
shapes). What comes out is written to NAME.LIBRARY.safetensors; a library that fails leaves NAME.LIBRARY.error instead.
"""
import json
import pathlib
import re
import struct
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
import openvino

KINDS = {"U8": "|u1", "BOOL": "|b1", "I64": "<i8", "F16": "<f2", "F32": "<f4", "F64": "<f8"}
NAMES = {np.dtype(kind): name for name, kind in KINDS.items()}


def read(path):
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    arrays = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__":
            start, end = (8 + size + place for place in entry["data_offsets"])
            arrays[name] = np.frombuffer(data[start:end], KINDS[entry["dtype"]]).reshape(entry["shape"])
    return arrays


def write(path, arrays):
    header, parts, place = {}, [], 0
    for name, array in sorted(arrays.items()):
        part = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [place, place + len(part)]}
        parts.append(part)
        place += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


# A field that protoc does not know stands in its text by its number.
UNKNOWN = re.compile(rb"^ *\d+(:| \{)", re.MULTILINE)
# Text is some ten times as long as bytes, and half an hour of it proves no more than a minute.
MOST_DECODED = 16 << 20


def protoc(way, data):
    place = pathlib.Path(onnx.__file__).parent
    # --deterministic_output is for encoding alone.
    options = ["--deterministic_output"] if way == "encode" else []
    command = ["protoc", *options, f"--{way}=onnx.ModelProto", f"--proto_path={place}", "onnx.proto"]
    done = subprocess.run(command, input=data, capture_output=True)
    assert done.returncode == 0, f"protoc --{way}: {done.stderr.decode().strip()}"
    return done.stdout


def decoded(data):
    text = protoc("decode", data)
    unknown = UNKNOWN.search(text)
    assert not unknown, f"protoc does not know {unknown.group().decode().strip()}"
    assert protoc("encode", text) == data, "protoc writes other bytes"


def checked(path):
    data = path.read_bytes()
    model = onnx.ModelProto.FromString(data)
    assert model.SerializeToString(deterministic=True) == data, "protobuf writes other bytes"
    if len(data) <= MOST_DECODED:
        decoded(data)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)


def in_onnxruntime(path, inputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs)))


def in_openvino(path, inputs):
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    model = openvino.Core().compile_model(str(path), "CPU", settings)
    # Outputs that are found to be the same become one with several names.
    return {name: value for output, value in model(inputs).items() for name in output.get_names()}


def main(folder):
    onnxruntime.set_default_logger_severity(3)
    for path in sorted(pathlib.Path(folder).glob("*.onnx")):
        for library, run in (("check", None), ("onnxruntime", in_onnxruntime), ("openvino", in_openvino)):
            try:
                if run:
                    write(path.with_suffix(f".{library}.safetensors"), run(path, read(path.with_suffix(".safetensors"))))
                else:
                    checked(path)
            except Exception as error:
                path.with_suffix(f".{library}.error").write_text(f"{type(error).__name__}: {error}")
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}, openvino {openvino.__version__}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
