/** Types of embed.js. What the fields mean is in docs/embedding.md. */

export {};

declare global {
  const FashionLab: FashionLab.Global;

  namespace FashionLab {
    type Network = 'ann' | 'cnn';

    /** Settings by their names in the address: `{ epochs: 3, backend: 'flex', ann_hidden: [64, 32] }`. */
    type Config = Record<string, string | number | boolean | readonly number[]>;

    interface Options {
      /** The address of Fashion Lab; left out, the folder from which a classic script embed.js came. */
      src?: string;
      /** Settings of the first run; `preset` may be one of them. */
      config?: Config;
      /** The view that is shown first. */
      view?: string;
      /** Whether a run starts by itself. */
      autostart?: boolean;
      /** The frame's name for screen readers. */
      title?: string;
      /** The frame's height in pixels until the page inside tells its own: 900 if left out. */
      height?: number;
      /** Whether the frame becomes as high as the page inside: true if left out. */
      fitHeight?: boolean;
      /** The frame's attribute `sandbox`; left out, there is none. */
      sandbox?: string;
      /** The frame's attribute `allow`: `clipboard-write` if left out. */
      allow?: string;
      /** Milliseconds after which a question without an answer fails: 30000 if left out. */
      timeout?: number;
      onReady?: (message: Messages['ready']) => void;
      onProgress?: (message: Messages['progress']) => void;
      onEvaluated?: (message: Messages['evaluated']) => void;
      onResult?: (message: Messages['result']) => void;
      onError?: (message: Messages['error']) => void;
      onState?: (message: Messages['state']) => void;
      onClassified?: (message: Messages['classified']) => void;
      onHeight?: (message: Messages['height']) => void;
    }

    interface Lab {
      /** The frame. */
      readonly frame: HTMLIFrameElement;
      /** Calls back for each message of a type. Gives a function that ends this. An error that answers a question is not heard here. */
      on<T extends keyof Messages>(type: T, callback: (message: Messages[T]) => void): () => void;
      /** The present state. */
      hello(): Promise<State>;
      /** Changes settings of the next run; all or, if one is wrong, none. */
      configure(config: Config): Promise<State>;
      /** Starts a run, at once or as soon as the engine is there. */
      start(): Promise<State>;
      pause(): Promise<State>;
      resume(): Promise<State>;
      /** Ends training now. The networks are scored, and a `result` follows. */
      stop(): Promise<State>;
      /** What both networks say: to 784 numbers from 0 to 255, row by row, a light garment on black; to an address; or to a canvas. */
      classify(picture: ArrayLike<number> | string | HTMLCanvasElement): Promise<Classified>;
      /** Takes the frame away. Questions without an answer fail. */
      remove(): void;
    }

    interface Global {
      /** The version of the messages. */
      readonly version: 1;
      /** Puts Fashion Lab into an element, given itself or by a selector. */
      embed(element: Element | string, options?: Options): Lab;
    }

    interface Envelope {
      source: 'fashion-lab';
      version: 1;
      id?: unknown;
    }

    interface Ready {
      backend: string;
      adapter: string;
      why: string;
    }

    interface Progress {
      network: Network;
      epoch: number;
      step: number;
      images_per_s: number;
      loss: number | null;
      accuracy: number;
    }

    interface Evaluated {
      network: Network;
      epoch: number;
      validation: { loss: number; accuracy: number } | null;
    }

    interface Answer {
      /** 0 to 9. */
      class: number;
      /** What the class is called. */
      name: string;
      /** Ten of them. */
      probabilities: number[];
    }

    interface Classified extends Envelope {
      type: 'classified';
      ann: Answer;
      cnn: Answer;
    }

    /** The report, as "Export run" downloads it. */
    interface Report {
      version: number;
      config: Config;
      networks: Record<Network, null | { test: { accuracy: number; loss: number }; [field: string]: unknown }>;
      [field: string]: unknown;
    }

    interface State extends Envelope {
      type: 'state';
      phase: 'loading' | 'ready' | 'training' | 'paused' | 'done' | 'failed' | 'engine-failed' | 'data-failed' | 'cannot-open';
      /** Left out, as all that follows, where the page cannot open. */
      config?: Config;
      /** The settings of the next run. */
      next?: Config;
      ready?: Ready;
      networks?: Partial<Record<Network, { phase: string; progress?: Progress; evaluated?: Evaluated }>>;
      report?: Report;
      /** Why the page cannot open. */
      message?: string;
    }

    interface Messages {
      ready: Envelope & Ready & { type: 'ready' };
      progress: Envelope & Progress & { type: 'progress' };
      evaluated: Envelope & Evaluated & { type: 'evaluated' };
      result: Envelope & { type: 'result'; report: Report };
      error: Envelope & { type: 'error'; message: string };
      state: State;
      classified: Classified;
      height: Envelope & { type: 'height'; height: number };
    }
  }
}
