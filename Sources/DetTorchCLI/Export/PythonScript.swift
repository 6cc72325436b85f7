/// The program by which a file is run in another library: what is asked of Python.
///
/// It gets the library's name, the file's path and a number of threads; with the name alone it says which version there is, and ends. On its input a line of JSON says the name, the shape and the kind
/// of each input, and behind it come the bytes of all of them, batch after batch, each announced by a byte of 1. It answers with
/// a line of JSON for itself and one for each batch; arrays are in base64, little endian.
enum PythonScript {
  static let text = #"""
    import base64, json, sys, time

    library = sys.argv[1]

    def say(**fields):
        sys.stdout.write(json.dumps(fields) + "\n")
        sys.stdout.flush()

    try:
        import numpy as np
        if library == "onnxruntime":
            import onnxruntime as ort
            version = ort.__version__
        elif library == "torchvision":
            import torch, torchvision
            version = torchvision.__version__
        else:
            import openvino as ov
            version = ov.__version__.split("-")[0]
    except ImportError as error:
        say(missing=str(error))
        sys.exit(0)
    if len(sys.argv) == 2:
        say(version=version)
        sys.exit(0)
    path, threads = sys.argv[2], int(sys.argv[3])

    try:
        if library == "onnxruntime":
            ort.set_default_logger_severity(3)
            options = ort.SessionOptions()
            options.intra_op_num_threads = threads
            session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            names = [output.name for output in session.get_outputs()]
            run = lambda inputs: dict(zip(names, session.run(names, inputs)))
        elif library == "torchvision":
            sys.path.insert(0, path)
            from detector import SETTINGS, detector
            torch.set_num_threads(threads)
            model = detector()
            lowest = 1 if SETTINGS["head"] == "FasterRCNN" else 0

            def run(inputs):
                shape = inputs["images"].shape

                def padded(images, size_divisible=32):
                    batch = images[0].new_zeros(len(images), *shape[1:])
                    for own, image in zip(batch, images):
                        own[:, : image.shape[1], : image.shape[2]] = image
                    return batch

                # All images in the same frame, as a file of a fixed size sees them.
                model.transform.batch_images = padded
                images = [
                    torch.from_numpy(image[:, :height, :width].copy()).float() / 255
                    for image, (height, width) in zip(inputs["images"], inputs["sizes"])]
                with torch.no_grad():
                    found = model(images)
                most = SETTINGS["mostDetections"]
                boxes, scores = np.zeros((len(found), most, 4), "<f4"), np.zeros((len(found), most), "<f4")
                labels, counts = np.full((len(found), most), -1, "<i8"), np.zeros(len(found), "<i8")
                for place, own in enumerate(found):
                    count = counts[place] = len(own["scores"])
                    boxes[place, :count], scores[place, :count] = own["boxes"].numpy(), own["scores"].numpy()
                    labels[place, :count] = own["labels"].numpy() - lowest
                return {"boxes": boxes, "scores": scores, "labels": labels, "counts": counts}
        else:
            settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
            model = ov.Core().compile_model(path, "CPU", settings)
            run = lambda inputs: {
                name: value for output, value in model(inputs).items() for name in output.get_names()}
    except Exception as error:
        say(version=version, problem=" ".join(str(error).split())[:400])
        sys.exit(0)
    say(version=version)

    source = sys.stdin.buffer
    header = json.loads(source.readline())

    def read(shape, kind):
        count = int(np.prod(shape)) * kind.itemsize
        parts = []
        while count:
            part = source.read(count)
            if not part:
                sys.exit(1)
            parts.append(part)
            count -= len(part)
        return np.frombuffer(b"".join(parts), kind).reshape(shape)

    first = True
    while source.read(1):
        inputs = {one["name"]: read(one["shape"], np.dtype(one["kind"])) for one in header}
        try:
            if first:
                run(inputs)
                first = False
            start = time.perf_counter()
            outputs = run(inputs)
            seconds = time.perf_counter() - start
        except Exception as error:
            say(problem=" ".join(str(error).split())[:400])
            sys.exit(0)
        say(milliseconds=seconds * 1000, outputs={
            name: {"shape": list(value.shape),
                   "bytes": base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()}
            for name, value in outputs.items()})
    """#
}
