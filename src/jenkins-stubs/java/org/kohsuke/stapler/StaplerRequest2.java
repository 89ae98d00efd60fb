package org.kohsuke.stapler;

public interface StaplerRequest2 {
}

// stub: org.kohsuke.stapler.StaplerRequest2
