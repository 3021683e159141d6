def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    weights, config = read_weights(sys.argv[1])
    for name, tensor in weights.items():
        print(name, list(tensor.shape))
    if len(sys.argv) < 3:
        return
    images = read_idx(os.path.join(sys.argv[2], "t10k-images-idx3-ubyte.gz"))
    labels = read_idx(os.path.join(sys.argv[2], "t10k-labels-idx1-ubyte.gz"))
    logits = predict(weights, config, images)
    print(f"accuracy on the {len(labels)} test images: {np.mean(logits.argmax(1) == labels):.4f}")
    if len(sys.argv) > 3:
        exponentials = np.exp(logits - logits.max(1, keepdims=True))
        np.save(sys.argv[3], exponentials / exponentials.sum(1, keepdims=True))


if __name__ == "__main__":
    main()
