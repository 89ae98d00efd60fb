package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.Extension;
import hudson.model.listeners.ItemListener;

/**
 * Tells the {@link StepEngine} that the controller stops. An extension and not a {@code @Terminator}: the index of
 * those is not made by the build that compiles against stubs.
 */
@Extension
public final class StepEngineLifecycle extends ItemListener {
    @Override
    public void onBeforeShutdown() {
        StepEngine.get().letGo();
    }
}
