package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.Extension;
import hudson.Util;
import hudson.model.Job;
import jenkins.model.OptionalJobProperty;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/** Marks a job that Zuul may ask for, and says where a pipeline does its work. */
public class ServeToZuul extends OptionalJobProperty<Job<?, ?>> {
    private String label;

    /** Serves the job. */
    @DataBoundConstructor
    public ServeToZuul() {}

    /** Label expression of the nodes on which a pipeline does its work; null for any. */
    public String getLabel() {
        return label;
    }

    /** Sets on which nodes a pipeline does its work, since Jenkins learns that only when it runs; null for any. */
    @DataBoundSetter
    public void setLabel(String label) {
        this.label = Util.fixEmptyAndTrim(label);
    }

    /** The descriptor of the property. */
    @Extension
    @Symbol("serveToZuul")
    public static class DescriptorImpl extends OptionalJobPropertyDescriptor {
        @Override
        public String getDisplayName() {
            return "Serve to Zuul";
        }

        /**
         * Any job, where a Gearman server is configured; without one nobody could ask for it. A job that has the property
         * keeps it: what is not applicable is dropped when the job is saved.
         */
        @Override
        @SuppressWarnings("rawtypes") // as it is declared
        public boolean isApplicable(Class<? extends Job> jobType) {
            return !GearmanServers.configured().getGearmanServers().isEmpty() || isKept();
        }

        private static boolean isKept() {
            StaplerRequest2 request = Stapler.getCurrentRequest2();
            Job<?, ?> job = request == null ? null : request.findAncestorObject(Job.class);
            return job != null && job.getProperty(ServeToZuul.class) != null;
        }
    }
}
