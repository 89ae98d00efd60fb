package io.jenkins.plugins.distributedtest.jenkins.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A chart of bars, one for each run, the oldest at the left. Each bar is made of layers that are drawn over one another
 * from the bottom. Its drawing is 100 high and ten wide for each bar; who shows it stretches it to the room that there
 * is, and writes the texts beside it.
 */
public final class Bars {
    private static final int HEIGHT = 100;
    private static final int WIDTH = 10;
    private static final int BAR = 8;

    private final String title;
    private final String top;
    private final List<Bar> bars;

    private Bars(String title, String top, List<Bar> bars) {
        this.title = title;
        this.top = top;
        this.bars = bars;
    }

    /**
     * A layer of each bar.
     *
     * @param kind what it is, for its colour
     * @param value how high it reaches, in the chart's unit
     */
    record Layer(String kind, ToDoubleFunction<TrendRun> value) {}

    static Bars of(String title, List<TrendRun> runs, double most, String top, List<Layer> layers) {
        List<Bar> bars = new ArrayList<>();
        for (TrendRun run : runs) {
            List<Box> boxes = new ArrayList<>();
            for (Layer layer : layers) {
                double share =
                        most <= 0 ? 0 : Math.min(1, Math.max(0, layer.value().applyAsDouble(run) / most));
                if (share > 0) {
                    boxes.add(new Box(layer.kind(), bars.size() * WIDTH + 1, share * HEIGHT));
                }
            }
            bars.add(new Bar(run, bars.size() * WIDTH, boxes));
        }
        return new Bars(title, top, bars);
    }

    /** What it shows. */
    public String getTitle() {
        return title;
    }

    /** What its upper edge stands for. */
    public String getTop() {
        return top;
    }

    /** How wide it is drawn. */
    public int getWidth() {
        return Math.max(1, bars.size()) * WIDTH;
    }

    /** The bars, the oldest first. */
    public List<Bar> getBars() {
        return bars;
    }

    /** One run's bar. */
    public static final class Bar {
        private final TrendRun run;
        private final int x;
        private final List<Box> boxes;

        Bar(TrendRun run, int x, List<Box> boxes) {
            this.run = run;
            this.x = x;
            this.boxes = boxes;
        }

        /** The run. */
        public TrendRun getRun() {
            return run;
        }

        /** Where its column begins. */
        public int getX() {
            return x;
        }

        /** What it is made of, to be drawn in this order. */
        public List<Box> getBoxes() {
            return boxes;
        }
    }

    /** A layer of a bar as it is drawn. */
    public static final class Box {
        private final String kind;
        private final int x;
        private final double height;

        Box(String kind, int x, double height) {
            this.kind = kind;
            this.x = x;
            this.height = height;
        }

        /** What it stands for. */
        public String getKind() {
            return kind;
        }

        /** Its left edge. */
        public int getX() {
            return x;
        }

        /** Its upper edge. */
        public String getY() {
            return number(HEIGHT - height);
        }

        /** How wide it is. */
        public int getWidth() {
            return BAR;
        }

        /** How high it is. */
        public String getHeight() {
            return number(height);
        }

        private static String number(double value) {
            return String.format(Locale.ROOT, "%.2f", value);
        }
    }
}
