package org.kohsuke.stapler;

public interface StaplerRequest2 extends jakarta.servlet.http.HttpServletRequest {
}

// stub: org.kohsuke.stapler.StaplerRequest2 s:jakarta.servlet.http.HttpServletRequest
