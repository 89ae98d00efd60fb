package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.model.Action;
import java.lang.reflect.Method;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Shows a step as paused, as {@code input} is. The action for that is in the workflow-support plugin, which every
 * pipeline needs and this plugin does not: it is looked up by its name.
 */
final class Pauses {
    private static final Logger LOG = Logger.getLogger(Pauses.class.getName());
    private static final String ACTION = "org.jenkinsci.plugins.workflow.support.actions.PauseAction";

    private Pauses() {}

    /** Shows that a step waits. */
    static void begin(FlowNode node, String why) {
        try {
            node.addAction((Action) action().getConstructor(String.class).newInstance(why));
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.FINE, "Cannot show that a step waits", e);
        }
    }

    /** Shows that it does not wait any more. */
    static void end(FlowNode node) {
        try {
            Method end = action().getMethod("endCurrentPause", FlowNode.class);
            end.invoke(null, node);
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.FINE, "Cannot show that a step waits no more", e);
        }
    }

    private static Class<?> action() throws ClassNotFoundException {
        return Jenkins.get().getPluginManager().uberClassLoader.loadClass(ACTION);
    }
}
