def read_weights(path):
    """The tensors by name as float32 arrays, and the config, of a .npz or a .safetensors file."""
    if path.endswith(".npz"):
        tensors = dict(np.load(path))
        return tensors, json.loads(str(tensors.pop("config")))
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    config = json.loads(header.pop("__metadata__")["config"])
    array = lambda t: np.frombuffer(data[slice(*t["data_offsets"])], "<f4").reshape(t["shape"])
    return {name: array(tensor) for name, tensor in header.items()}, config


def read_idx(path):
    """The bytes of a file of Fashion-MNIST: images [count, 28, 28] or labels [count]."""
    with gzip.open(path) as file:
        data = file.read()
    axes = [int.from_bytes(data[at : at + 4], "big") for at in range(4, 4 + 4 * data[3], 4)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(axes)
