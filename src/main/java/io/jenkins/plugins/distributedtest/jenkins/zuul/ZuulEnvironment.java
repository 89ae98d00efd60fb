package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.EnvVars;
import hudson.Extension;
import hudson.model.Cause;
import hudson.model.EnvironmentContributor;
import hudson.model.Job;
import hudson.model.ParametersAction;
import hudson.model.Run;
import hudson.model.TaskListener;

/**
 * Gives the parts of a matrix build the {@code ZUUL_*} variables that Zuul sent for the whole. Other builds have them as
 * parameters.
 */
@Extension
public class ZuulEnvironment extends EnvironmentContributor {
    @Override
    @SuppressWarnings("rawtypes") // as in EnvironmentContributor
    public void buildEnvironmentFor(Run run, EnvVars variables, TaskListener listener) {
        Run<?, ?> part = run;
        if (!(part.getParent().getParent() instanceof Job)) {
            return;
        }
        for (Cause cause : part.getCauses()) {
            if (cause instanceof Cause.UpstreamCause upstream) {
                Run<?, ?> whole = upstream.getUpstreamRun();
                if (whole != null && whole.getAction(ZuulAction.class) != null) {
                    whole.getActions(ParametersAction.class).forEach(all -> all.buildEnvironment(part, variables));
                }
            }
        }
    }
}
