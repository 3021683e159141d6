def logits_of(w, config, images):
    """Ten logits of each image: bytes [count, 28, 28] in, float32 [count, 10] out. Images lie channels last."""
    activation = ACTIVATIONS[config["cnn_activation" if "conv1.weight" in w else "ann_activation"]]
    norm = lambda x, mean, variance, scale, shift: scale * (x - mean) / np.sqrt(variance + 1e-5) + shift
    layer = lambda x, n: activation(norm(x, *(w[f"norm{n}.{p}"] for p in PARTS)) if f"norm{n}.mean" in w else x)
    x = ((images / 255 - 0.2860) / 0.3530).astype("f4")[..., None]
    for n in [n for n in range(1, 5) if f"conv{n}.weight" in w]:
        kernel = w[f"conv{n}.weight"]  # [channels, inputs, height, width]
        p = kernel.shape[2] // 2 if config["cnn_padding"] == "same" else 0
        windows = sliding_window_view(np.pad(x, ((0, 0), (p, p), (p, p), (0, 0))), kernel.shape[2:], (1, 2))
        x = layer(np.tensordot(windows, kernel, ([3, 4, 5], [1, 2, 3])) + w[f"conv{n}.bias"], n)
        half = x.shape[1] // 2  # The 2 x 2 max pool leaves an odd last row and column out.
        x = x[:, : 2 * half, : 2 * half].reshape(len(x), half, 2, half, 2, -1).max((2, 4))
    x = x.mean((1, 2)) if "conv1.weight" in w and "dense.weight" not in w else x.reshape(len(x), -1)
    for name, n in [(name, n) for name, n in DENSE if f"{name}.weight" in w]:
        x = layer(x @ w[f"{name}.weight"] + w[f"{name}.bias"], n)
    return x @ w["logits.weight"] + w["logits.bias"]
