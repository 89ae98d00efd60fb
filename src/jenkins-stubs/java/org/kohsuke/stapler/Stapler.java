package org.kohsuke.stapler;

public class Stapler extends jakarta.servlet.http.HttpServlet {
    public static org.kohsuke.stapler.StaplerRequest2 getCurrentRequest2() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.kohsuke.stapler.Stapler getCurrentRequest2
