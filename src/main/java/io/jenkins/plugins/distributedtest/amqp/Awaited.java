package io.jenkins.plugins.distributedtest.amqp;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Something that may come true, and the actions that wait for it, each of them run once. Lives on the event loop. */
final class Awaited {
    private final EventLoop loop;
    private final BooleanSupplier isTrue;
    private final List<Runnable> actions = new ArrayList<>();

    Awaited(EventLoop loop, BooleanSupplier isTrue) {
        this.loop = loop;
        this.isTrue = isTrue;
    }

    /** Adds an action; it is run after the caller if it need not wait. */
    void add(Runnable action) {
        actions.add(action);
        check();
    }

    /** Has the actions run if it is true by now; to be called whenever it may have come true. */
    void check() {
        if (!actions.isEmpty() && isTrue.getAsBoolean()) {
            List<Runnable> due = List.copyOf(actions);
            actions.clear();
            due.forEach(loop::execute);
        }
    }
}
