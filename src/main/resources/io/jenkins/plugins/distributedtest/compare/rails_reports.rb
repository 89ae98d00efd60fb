# frozen_string_literal: true

# Loaded into `rails test`: has its Minitest report.
require_relative 'report_lines'
require 'minitest'
require_relative 'minitest_report'
