# frozen_string_literal: true

# Appends a line of JSON for each test to the file that DISTRIBUTED_TEST_REPORT names.
module DistributedTestReportLines
  @path = ENV.delete('DISTRIBUTED_TEST_REPORT')
  @pid = Process.pid

  def self.say(fields)
    return unless @path && @pid == Process.pid

    require 'json' unless defined?(JSON)
    file = fields[:file]
    here = "#{Dir.pwd}/"
    fields = fields.merge(file: file.delete_prefix(here)) if file
    File.open(@path, 'a') do |out|
      out.puts(JSON.generate(fields.transform_values { |each| each.nil? ? nil : each.to_s.encode('UTF-8', invalid: :replace, undef: :replace) }))
    end
  end
end
