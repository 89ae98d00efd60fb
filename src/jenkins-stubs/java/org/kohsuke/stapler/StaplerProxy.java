package org.kohsuke.stapler;

public interface StaplerProxy {
    java.lang.Object getTarget();
}

// stub: org.kohsuke.stapler.StaplerProxy -a
