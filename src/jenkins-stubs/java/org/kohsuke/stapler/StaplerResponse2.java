package org.kohsuke.stapler;

public interface StaplerResponse2 extends jakarta.servlet.http.HttpServletResponse {}

// stub: org.kohsuke.stapler.StaplerResponse2 s:jakarta.servlet.http.HttpServletResponse
